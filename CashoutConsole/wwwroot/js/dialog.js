// Opens a <dialog> as a modal one. Closing is the server's: it removes the element.
export function show(dialog) {
  if (!dialog || dialog.open) {
    return;
  }
  // The key that opened the dialog may still be held down; its repeats must not confirm it.
  dialog.addEventListener("keydown", event => {
    if (event.key === "Enter" && event.repeat) {
      event.preventDefault();
    }
  });
  dialog.addEventListener("cancel", event => event.preventDefault());
  dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("button[type=submit]"))?.focus();
}
