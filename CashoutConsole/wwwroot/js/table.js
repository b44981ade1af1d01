// Keyboard help for VirtualTable. The server decides which row is active; the browser must only not scroll by itself on those keys.
const moves = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", " "]);

function onKeyDown(event) {
  if (event.target === event.currentTarget.querySelector("table") && moves.has(event.key)) {
    event.preventDefault();
  }
}

export function attach(scroller) {
  scroller.addEventListener("keydown", onKeyDown);
}

export function detach(scroller) {
  scroller?.removeEventListener("keydown", onKeyDown);
}

// Rows out of view are not in the document, so the place is computed, not measured.
export function reveal(scroller, index, rowHeight) {
  const head = scroller.querySelector("thead")?.offsetHeight ?? 0;
  const top = index * rowHeight;
  const room = scroller.clientHeight - head;
  if (top < scroller.scrollTop) {
    scroller.scrollTop = top;
  } else if (top + rowHeight > scroller.scrollTop + room) {
    // One more pixel: the room's height is rounded.
    scroller.scrollTop = top + rowHeight - room + 1;
  }
}
