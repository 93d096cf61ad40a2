// A click shows a diagram on the whole screen, and another one puts it back.
document.addEventListener("click", (event) =>
  event.target.closest?.(".mermaid")?.classList.toggle("whole"),
);
