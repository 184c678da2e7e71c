// Makes the pages live: the same forms are sent without leaving the page.
// Without this file everything works as well, one page after the other.

/* global htmx */
export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
export const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

// ------------------------------------------------------------ what is said

const voice = make("p", { id: "say", className: "unseen", role: "status" });

export function say(text) { // once, also where it is the same again
  voice.textContent = "";
  setTimeout(() => { voice.textContent = text; }, 80);
}

function warn(heading, text) { // stays until it is closed or the next change is made
  all("#failed, .toast").forEach((each) => each.remove());
  const note = make("section", { id: "failed", className: "note wrong-note toast", role: "alert" });
  note.append(make("h2", { textContent: heading }), make("p", { textContent: text }), closing(note));
  document.body.append(note);
}

function closing(note) {
  const button = make("button", { type: "button", className: "quiet", textContent: "Close" });
  button.addEventListener("click", () => { note.remove(); one("#main").focus({ preventScroll: true }); });
  return button;
}

// ------------------------------------------------------------ sending

let refused = false;

async function send(action, options) {
  refused = false;
  one("#failed")?.remove();
  one("#main").setAttribute("aria-busy", "true");
  await htmx.ajax("POST", action, options);
  one("#main").removeAttribute("aria-busy");
  return !refused;
}

document.addEventListener("htmx:before:swap", ({ detail }) => {
  for (const { fragment } of detail.tasks) { // what is said here is said by `say`, and focus stays where it is
    all("[autofocus]", fragment).forEach((element) => element.removeAttribute("autofocus"));
    one("#told", fragment)?.removeAttribute("role");
  }
  history.replaceState(null, "", detail.ctx.response.raw.url);
});

document.addEventListener("htmx:error", () => {
  refused = true;
  warn("The program does not answer", "It may have been ended. Your answers are kept up to the last change. " +
    "Start it again with “workshop open”, and go on in the page that it opens.");
});

document.addEventListener("htmx:response:error", ({ detail }) => {
  refused = true;
  const page = new DOMParser().parseFromString(detail.ctx.text, "text/html");
  warn(words(one("h1", page)) || "That did not work", words(one("main p", page)));
});

// ------------------------------------------------------------ Ask: questions that follow from answers

async function ask(form) {
  const asked = () => all("[name=asked]").map(({ value }) => value);
  const wrong = () => all(".question .wrong").map(words);
  const before = asked(), faults = wrong();
  const options = { source: form, target: form, select: "form.questions", swap: "outerMorph ignoreTitle:true" };
  if (!await send("/ask", { ...options, values: { stay: "1" } })) return;
  for (const each of all("form.questions input")) {
    if (each.type === "radio" || each.type === "checkbox") each.checked = each.defaultChecked;
  }
  const added = asked().filter((name) => !before.includes(name));
  const news = added.map((name) => words(one(`[name="${name}"]:not([type=hidden])`)?.closest(".question")?.firstElementChild));
  say([...news.map((text) => `One more question: ${text}`), ...wrong().filter((text) => !faults.includes(text))].join(" "));
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-live]");
  if (form) ask(form);
});

// ------------------------------------------------------------ Agenda: a change, and the focus after it

export async function change(action, options) {
  if (one("#main[aria-busy]")) return;
  const back = bookmark(document.activeElement);
  const target = { target: "#main", select: "#main", swap: "outerMorph" };
  if (!await send(action, { ...options, ...target })) return;
  const told = one("#told");
  if (told) {
    told.classList.add("toast");
    told.append(closing(told));
  }
  if (told && one("form", told) || one("#told.ask-note")) return told.focus({ preventScroll: true });
  back();
  say(told ? all("h2, p:not(:has(a)), li", told).map(words).join(". ").replaceAll("..", ".") : "");
}

function bookmark(element) { // finds the same control of the same row again, or what stands next to it
  const rows = all("tr[id]").map(({ id }) => id);
  const row = element.closest("tr[id]")?.id;
  const place = row ? `[id="${row}"]` : ["toolbar", "columns"].map((name) => `.${name}`).find((name) => element.closest(name)) ?? "main";
  const mark = markOf(element);
  return () => {
    const within = one(place);
    const earlier = rows.slice(0, rows.indexOf(row) + 1).reverse().map((id) => one(`[id="${id}"] summary`)).find(Boolean);
    const same = within && all("button, input, select, summary, a", within).find((each) => !each.disabled && markOf(each) === mark);
    const next = same ?? (within && one("summary, button:enabled", within)) ?? earlier ?? one("#main");
    if (next.tagName !== "SUMMARY") next.closest("details")?.setAttribute("open", "");
    next.focus();
    if (next.matches("input[type=text]") && !next.hasAttribute("aria-invalid")) next.value = next.defaultValue;
  };
}

function markOf(element) {
  const form = element.form;
  return [element.tagName, form?.getAttribute("action"), form && one("input[name=do]", form)?.value, element.name,
    element.tagName === "BUTTON" && element.value, words(element).split(/[ :]/)[0]].join("|");
}

document.addEventListener("submit", (event) => {
  const form = event.target, action = form.getAttribute("action") ?? "";
  if (!form.closest("#main") || !action.startsWith("/agenda/")) return;
  event.preventDefault();
  change(action, { source: form, event });
});

document.addEventListener("click", ({ target }) => { // a menu closes where one presses beside it
  all("details.menu[open]").filter((menu) => !menu.contains(target)).forEach((menu) => { menu.open = false; });
});

document.body.append(voice);
document.documentElement.classList.add("js");
