// Keyboard help for VirtualTable. The server decides which row is active; the browser must only not scroll by itself on those keys.
const moves = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", " "]);

function onKeyDown(event) {
  if (event.target === event.currentTarget.querySelector("table") && moves.has(event.key)) {
    event.preventDefault();
  }
}

// A click on a row's checkbox, or with Shift, leaves the keyboard on the table and marks no text.
function onMouseDown(event) {
  const row = event.target.closest("tbody tr");
  if (row && (event.shiftKey || event.target.closest(".cell-tick"))) {
    event.preventDefault();
    event.currentTarget.querySelector("table").focus({ preventScroll: true });
  }
}

export function attach(scroller) {
  scroller.addEventListener("keydown", onKeyDown);
  scroller.addEventListener("mousedown", onMouseDown);
}

export function detach(scroller) {
  scroller?.removeEventListener("keydown", onKeyDown);
  scroller?.removeEventListener("mousedown", onMouseDown);
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
