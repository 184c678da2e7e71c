"""What steps really took: asked about a kit, kept in the user's data folder, used for the next plan."""
