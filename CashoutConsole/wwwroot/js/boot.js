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

const connection = document.getElementById("components-reconnect-modal");
let asking;
const troubles = ["show", "retrying", "failed", "rejected"].map(state => `components-reconnect-${state}`);

function onConnectionChange() {
  const trouble = troubles.some(name => connection.classList.contains(name));
  if (trouble && !connection.open) {
    connection.showModal();
    leaveWhenSignedOut();
    asking = setInterval(leaveWhenSignedOut, 3000);
  } else if (!trouble && connection.open) {
    connection.close();
    clearInterval(asking);
  }
  // The server no longer knows this page (it was restarted). The address holds the page's state, so loading it again is right.
  if (connection.classList.contains("components-reconnect-rejected")) {
    location.reload();
  }
}

// A session that ended is refused, not unreachable: trying to reconnect would go on for nothing. The page's own address then leads to
// the sign-in page. Without an answer the network is down, and reconnecting is right.
async function leaveWhenSignedOut() {
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    location.reload();
  }
}

if (connection) {
  connection.addEventListener("cancel", event => event.preventDefault());
  new MutationObserver(onConnectionChange).observe(connection, { attributes: true, attributeFilter: ["class"] });
}
