// Small helps on top of pages that work without them. No library, no inline handlers: one listener an event.
"use strict";

const words = document.body.dataset;

// A banner put away stays away: the server reads the cookie, so that it doesn't flash up on the next page.
const KEEP_SECONDS = 60 * 24 * 60 * 60;

for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
}

function dismiss(button) {
  const banner = button.closest("[data-banner]");
  const kept = document.cookie.match(/(?:^|; )dismissed=([^;]*)/)?.[1].split(".").filter(Boolean) ?? [];
  const slugs = [...new Set([...kept, banner.dataset.banner])].slice(-8).join(".");
  document.cookie = `dismissed=${slugs}; path=/; max-age=${KEEP_SECONDS}; samesite=lax`;
  banner.remove();
  document.getElementById("main").focus();
}

// A form is sent once. The button says so; it is free again after the back button, or when nothing came of it.
const PATIENCE = 12000;
const said = new WeakMap();

function sending(form, submitter) {
  form.dataset.sent = "";
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
  if (submitter?.classList.contains("button")) {
    said.set(submitter, [...submitter.childNodes]);
    submitter.setAttribute("aria-busy", "true");
    submitter.replaceChildren(words.sending);
  }
  setTimeout(release, PATIENCE, form);
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
    if (said.has(button)) {
      button.replaceChildren(...said.get(button));
      said.delete(button);
    }
  }
}

function releaseAll() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    release(form);
  }
}

// After an error, one is where it can be mended.
document.querySelector("main form:not([data-sample]) [aria-invalid=true]")?.focus();

// A menu that scrolls sideways shows the page one is on.
for (const here of document.querySelectorAll(":is(.side, .tabs, .top__row) [aria-current]")) {
  const list = here.closest("ul");
  list.scrollLeft = here.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
}

// A form marked data-guard asks before typed changes are lost.
let changed = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) {
    dismiss(button);
  }
  if (event.target.closest("[data-print]")) {
    window.print();
  }
});

// A zone of the face map that leads to a question is marked as soon as something is picked there.
document.addEventListener("change", (event) => {
  for (const link of document.querySelectorAll("a:has(> .zone)[href^='#']")) {
    const question = document.getElementById(link.getAttribute("href").slice(1));
    if (question?.contains(event.target)) {
      link.firstElementChild.classList.toggle("zone--picked", question.querySelector(":checked") !== null);
    }
  }
});

document.addEventListener("input", (event) => {
  changed ||= Boolean(event.target.form?.matches("[data-guard]"));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || form.hasAttribute("hx-post")) {
    return;
  }
  if ("sent" in form.dataset) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine && !("reached" in form.dataset)) {
    event.preventDefault();
    sendOnceReached(form, event.submitter);
    return;
  }
  delete form.dataset.reached;
  changed = false;
  // After this event, so that the button's own name and value are still sent.
  setTimeout(() => sending(form, event.submitter), 0);
});

// Offline, the browser's own error page would take the place of what was typed. A server on one's own machine still
// answers then, so it is asked first.
async function sendOnceReached(form, submitter) {
  try {
    await fetch(document.querySelector("link[rel=icon]").href, { method: "HEAD", cache: "no-store" });
  } catch {
    connection();
    return;
  }
  form.dataset.reached = "";
  form.requestSubmit(submitter);
}

window.addEventListener("beforeunload", (event) => {
  if (changed) {
    event.preventDefault();
  }
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    releaseAll();
  }
});

function connection() {
  document.querySelector("[data-offline]").hidden = navigator.onLine;
  if (!navigator.onLine) {
    releaseAll();
  }
}

window.addEventListener("online", connection);
window.addEventListener("offline", connection);
document.addEventListener("htmx:sendError", () => {
  document.querySelector("[data-offline]").hidden = false;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) {
    connection();
  }
});
connection();
