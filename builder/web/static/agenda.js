// A lesson of the agenda is dragged to another place, by pointer or by keyboard; what is sent is the form of "Move it".

import { all, change, one, say, words } from "./live.js";

let held = null; // the grip, the places where its lesson can stand in their order, and which of them is chosen
let pressed = null; // the grip under the pointer, and where that went down

const part = (lesson) => one(`tbody[data-lesson="${lesson}"]`);
const titleOf = (lesson) => words(one("th .title", part(lesson)));

function lift(grip) {
  all(".toast").forEach((each) => each.remove());
  const own = grip.closest("tbody").dataset.lesson, free = grip.dataset.places.split(" ");
  const places = [...all("tbody[data-lesson]").map(({ dataset }) => dataset.lesson), "last"]
    .filter((name) => name === own || free.includes(name));
  held = { grip, own, places, at: places.indexOf(own) };
  grip.setAttribute("aria-pressed", "true");
  say("Picked up. Up and down choose the place, Space or Enter puts it there, Escape leaves it.");
  show();
}

function show() {
  all(".here, .after, .lifted").forEach((each) => each.classList.remove("here", "after", "lifted"));
  if (!held) return;
  const place = held.places[held.at];
  part(held.own).classList.add("lifted");
  if (place === "last") all("tbody[data-lesson]").at(-1).classList.add("after");
  else if (place !== held.own) part(place).classList.add("here");
}

function choose(at) {
  if (at < 0 || at >= held.places.length || at === held.at) return;
  held.at = at;
  const place = held.places[at];
  const where = place === "last" ? "Last, before the closing" : place === held.own ? "Where it is now" : `Before “${titleOf(place)}”`;
  say(`${where}. ${at + 1} of ${held.places.length}`);
  show();
}

function put(keep) {
  const { grip, own, places, at } = held;
  held = null;
  grip.setAttribute("aria-pressed", "false");
  show();
  if (!keep || places[at] === own) return say("It stays where it was.");
  const revision = one("#main input[name=revision]").value;
  change("/agenda/change", { source: grip, values: { revision, do: "move", name: own, value: places[at] } });
}

function follow(y) { // the place whose edge is nearest
  const edges = held.places.map((place) => {
    const { top, bottom } = (place === "last" ? all("tbody[data-lesson]").at(-1) : part(place)).getBoundingClientRect();
    if (place === held.own) return y < top ? top - y : y > bottom ? y - bottom : -1;
    return Math.abs(y - (place === "last" ? bottom : top));
  });
  choose(edges.indexOf(Math.min(...edges)));
  window.scrollBy(0, y < 50 ? -14 : y > innerHeight - 50 ? 14 : 0);
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".grip");
  if (!grip || event.button) return;
  pressed = { grip, y: event.clientY, dragged: false };
  grip.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", ({ clientY }) => {
  if (!pressed || (!pressed.dragged && Math.abs(clientY - pressed.y) < 5)) return;
  if (!held) lift(pressed.grip);
  pressed.dragged = true;
  follow(clientY);
});
document.addEventListener("pointerup", () => {
  if (pressed?.dragged && held) put(true);
  setTimeout(() => { pressed = null; }); // after the click that follows
});
document.addEventListener("pointercancel", () => { pressed = null; if (held) put(false); });
document.addEventListener("click", (event) => {
  const grip = event.target.closest(".grip");
  if (grip && !pressed?.dragged) held ? put(true) : lift(grip);
});
document.addEventListener("focusout", ({ target }) => { if (held?.grip === target && !pressed) put(false); });
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (held && step) { event.preventDefault(); choose(held.at + step); }
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details.menu[open]");
  if (held) { if (pressed) pressed = null; put(false); }
  else if (menu) { menu.open = false; one("summary", menu).focus(); }
});
