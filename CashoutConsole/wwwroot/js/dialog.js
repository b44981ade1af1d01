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
  // The server takes the dialog away; the keyboard goes back to where it came from.
  const opener = document.activeElement;
  const watch = new MutationObserver(() => {
    if (!dialog.isConnected) {
      watch.disconnect();
      opener?.isConnected && opener.focus();
    }
  });
  watch.observe(document.body, { childList: true, subtree: true });
  dialog.addEventListener("cancel", event => event.preventDefault());
  dialog.showModal();
  const field = dialog.querySelector("[autofocus]");
  field ? field.focus() : focusSubmit(dialog);
}

export function focusSubmit(dialog) {
  dialog.querySelector("button[type=submit]")?.focus();
}
