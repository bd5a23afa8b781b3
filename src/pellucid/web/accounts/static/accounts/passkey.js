// A passkey that was refused or stopped says so on the page instead of in the console.
"use strict";

document.addEventListener("allauth.error", (event) => {
  const said = document.getElementById("passkey_failed");
  event.preventDefault();
  said.hidden = true;
  requestAnimationFrame(() => {
    said.hidden = false;
  });
});
