"""Papers as PDF files, made by the LibreOffice that is installed here, with their pages counted for the print list."""
