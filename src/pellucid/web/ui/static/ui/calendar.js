// Moving a visit in the calendar: with a pointer, or with the keyboard. Where it may go is asked of the server before
// anything is changed; the answer holds a form, and only that form moves the visit. Without this script each visit is
// moved on its own page.
"use strict";

const HOUR = 60;
const STEP = 15;
const FINE = 5;
const STIRRED = 6;
const ASK_AFTER = 180;
const EDGE = 32;

let held = null;
let asking = 0;

const sheet = () => document.getElementById("sheet");
const panel = document.getElementById("dropping");
const columns = () => [...sheet().querySelectorAll("[data-column]")];
const bodyOf = (column) => column.querySelector(".sheet__body");
const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => `${two(Math.floor(minute / HOUR))}:${two(minute % HOUR)}`;
const opens = () => Number(sheet().dataset.opens);
const shown = () => Number(sheet().dataset.closes) - opens();
const pixels = (column) => bodyOf(column).clientHeight / shown();

function lift(visit, pointer) {
  const column = visit.closest("[data-column]");
  const top = visit.offsetTop / pixels(column);
  const ghost = visit.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.removeAttribute("href");
  ghost.setAttribute("aria-hidden", "true");
  ghost.classList.add("visit--ghost");
  visit.classList.add("visit--lifted");
  const minute = Math.round(top / FINE) * FINE + opens();
  held = { visit, ghost, column, from: column, minute, first: minute, pointer, dropped: false };
  put(column, held.minute);
}

function put(column, minute) {
  const length = held.ghost.offsetHeight / pixels(held.column) || STEP;
  const last = opens() + shown() - Math.min(length, shown());
  held.column = column;
  held.minute = Math.max(opens(), Math.min(minute, Math.floor(last / FINE) * FINE));
  bodyOf(column).append(held.ghost);
  held.ghost.style.insetBlockStart = `${(held.minute - opens()) * pixels(column)}px`;
  held.ghost.querySelector(".visit__time").textContent = clock(held.minute);
  if (!held.pointer) {
    held.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  ask();
}

// The newest question counts; what is answered late is thrown away.
function ask() {
  clearTimeout(asking);
  say(`${held.visit.dataset.name}: ${held.column.dataset.name}, ${clock(held.minute)}. ${panel.dataset.wait}`);
  held.answered = false;
  asking = setTimeout(answer, ASK_AFTER, held, held.column, held.minute);
}

async function answer(mine, column, minute) {
  const to = `${column.dataset.day}T${clock(minute)}`;
  const query = new URLSearchParams({ to, column: column.dataset.column, back: sheet().dataset.back });
  let html = "";
  try {
    const response = await fetch(`${mine.visit.dataset.move}?${query}`, { headers: { "X-Part": "drop" } });
    html = response.ok && !response.redirected ? await response.text() : "";
  } catch {
    // Said below: there is no answer.
  }
  if (held !== mine || column !== mine.column || minute !== mine.minute) {
    return;
  }
  if (html) {
    panel.innerHTML = html; // our own server's, drawn from a template
  } else {
    say(panel.dataset.lost);
  }
  mine.answered = true;
  mine.ghost.classList.toggle("visit--refused", !html || panel.querySelector("[data-against]") !== null);
  if (mine.dropped) {
    decide();
  }
}

function say(words) {
  panel.hidden = false;
  panel.textContent = words;
}

function drop() {
  if (held.column === held.from && held.minute === held.first) {
    giveUp();
    return;
  }
  held.dropped = true;
  if (held.answered) {
    decide();
  }
}

// Nothing moves by itself: who dropped it reads what was found, and presses the button.
function decide() {
  panel.querySelector("button, a")?.focus();
}

function giveUp() {
  const visit = held?.visit;
  clearTimeout(asking);
  held?.ghost.remove();
  visit?.classList.remove("visit--lifted");
  held = null;
  panel.hidden = true;
  panel.replaceChildren();
  (document.getElementById(visit?.id) ?? visit)?.focus();
}

function columnAt(x, before) {
  return columns().find((each) => {
    const box = each.getBoundingClientRect();
    return box.left <= x && x < box.right;
  }) ?? before;
}

// With a pointer: a finger scrolls, so only a mouse or a pen drags.
let pressed = null;

document.addEventListener("pointerdown", (event) => {
  const visit = event.target.closest("#sheet [data-move]");
  if (visit && event.button === 0 && event.pointerType !== "touch" && !held) {
    const box = visit.getBoundingClientRect();
    pressed = { visit, x: event.clientX, y: event.clientY, grip: event.clientY - box.top };
  }
});

document.addEventListener("pointermove", (event) => {
  if (pressed && !held && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > STIRRED) {
    pressed.dragged = true;
    lift(pressed.visit, true);
  }
  if (pressed && held?.pointer) {
    const column = columnAt(event.clientX, held.column);
    const top = (event.clientY - pressed.grip - bodyOf(column).getBoundingClientRect().top) / pixels(column);
    const minute = opens() + Math.round(top / STEP) * STEP;
    if (column !== held.column || minute !== held.minute) {
      put(column, minute);
    }
    makeRoom(event.clientY);
  }
});

// What is near the edge scrolls on, and what is said keeps out of the way.
function makeRoom(y) {
  const frame = sheet().querySelector(".sheet");
  const box = frame.getBoundingClientRect();
  const below = y > Math.min(box.bottom, window.innerHeight) - EDGE;
  frame.scrollTop += below ? EDGE / 2 : y < box.top + EDGE ? -EDGE / 2 : 0;
  panel.classList.toggle("dropping--up", y > window.innerHeight / 2);
}

document.addEventListener("pointerup", () => {
  if (pressed && held?.pointer) {
    drop();
  }
  setTimeout(() => {
    pressed = null;
  });
});

document.addEventListener("pointercancel", () => {
  pressed = null;
  if (held?.pointer && !held.dropped) {
    giveUp();
  }
});

document.addEventListener("click", (event) => {
  if (pressed?.dragged && event.target.closest("#sheet")) {
    event.preventDefault(); // it was dragged, not followed
  }
  if (event.target.closest("[data-give-up]")) {
    giveUp();
  }
});

// With the keyboard: M picks up, arrows point, Enter drops, Escape gives up.
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

document.addEventListener("keydown", (event) => {
  if (held && event.key === "Escape") {
    event.preventDefault();
    giveUp();
    return;
  }
  const visit = event.target.closest?.("#sheet [data-move]");
  if (!visit || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (!held && event.key.toLowerCase() === "m") {
    event.preventDefault();
    lift(visit, false);
  } else if (held && !held.dropped && event.key in ARROWS) {
    event.preventDefault();
    const [aside, down] = ARROWS[event.key];
    const all = columns();
    const number = Math.max(0, Math.min(all.indexOf(held.column) + aside, all.length - 1));
    put(all[number], held.minute + down * (event.shiftKey ? FINE : STEP));
  } else if (held && event.key === "Enter") {
    event.preventDefault();
    drop();
  }
});

// While something is in hand, the calendar stays as it is; afterwards it is asked for again within seconds.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (held && event.target.id === "sheet") {
    event.preventDefault();
  }
});

// News doesn't move the calendar away under somebody's eyes.
let seen = [0, 0];

document.addEventListener("htmx:beforeSwap", (event) => {
  const frame = event.target.id === "sheet" ? event.target.querySelector(".sheet") : null;
  seen = [frame?.scrollLeft ?? 0, frame?.scrollTop ?? 0];
});

document.addEventListener("htmx:afterSwap", () => {
  const frame = sheet()?.querySelector(".sheet");
  if (frame) {
    [frame.scrollLeft, frame.scrollTop] = seen;
  }
});

// Two presses on free time lead to booking a visit there.
document.addEventListener("dblclick", (event) => {
  const body = event.target.closest("#sheet .sheet__body");
  const column = body?.closest("[data-column]");
  if (!column || event.target.closest(".visit")) {
    return;
  }
  const top = (event.clientY - body.getBoundingClientRect().top) / pixels(column);
  const minute = opens() + Math.floor(top / STEP) * STEP;
  const [kind, number] = column.dataset.column.split(".");
  const query = new URLSearchParams({ on: column.dataset.day, to: `${column.dataset.day}T${clock(minute)}` });
  if (kind === "practitioner") {
    query.set("with", number);
  }
  window.location.assign(`${sheet().dataset.new}&${query}`);
});
