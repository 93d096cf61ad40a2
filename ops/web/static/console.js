// Console: pausing, and saying that the console itself does not answer.
// Owns: the button, the line above the page. Never: asks for anything; htmx and charts.js do.
"use strict";

(() => {
  const button = document.getElementById("pause");
  const lost = document.getElementById("lost");

  const isPaused = () => button.getAttribute("aria-pressed") === "true";

  button.addEventListener("click", () => {
    const paused = !isPaused();
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? "Go on" : "Pause";
    document.body.classList.toggle("paused", paused);
  });

  // Text that somebody reads, or has marked to copy, stays while the page is paused or marked.
  const isMarked = () => {
    const marked = document.getSelection();
    return marked !== null && !marked.isCollapsed && document.getElementById("main").contains(marked.anchorNode);
  };
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (isPaused() || isMarked()) event.preventDefault();
  });

  const tell = (isLost) => { lost.hidden = !isLost; };
  document.body.addEventListener("htmx:sendError", () => tell(true));
  document.body.addEventListener("htmx:timeout", () => tell(true));
  document.body.addEventListener("htmx:responseError", () => tell(true));
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) tell(false);
  });
})();
