// Starts the interactive part. The default retries burn ten tries within a second; these go on for about five minutes.
const waits = [0, 500, 1000, 2000, 3000, 5000];

Blazor.start({
  circuit: {
    reconnectionOptions: {
      maxRetries: 60,
      retryIntervalMilliseconds: previous => waits[Math.min(previous, waits.length - 1)],
    },
  },
});

// "Rejected" = the server no longer knows this page (it was restarted). The address holds the page's state, so loading it again is right.
const connection = document.getElementById("components-reconnect-modal");
if (connection) {
  new MutationObserver(() => {
    if (connection.classList.contains("components-reconnect-rejected")) {
      location.reload();
    }
  }).observe(connection, { attributes: true, attributeFilter: ["class"] });
}
