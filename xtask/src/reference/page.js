"use strict";

const BAR = "#services";
const documents = JSON.parse(document.getElementById("documents").textContent);
const tabs = [...document.querySelectorAll(`${BAR} button`)];

// Everything is open, so that the browser's own search finds it; the one that Redoc has needs a worker.
const options = {
  disableSearch: true,
  hideDownloadButton: true,
  expandResponses: "200",
  schemasExpansionLevel: "all",
  jsonSamplesExpandLevel: "all",
  showExtensions: ["x-extensible-enum", "x-enum-descriptions", "x-inferred", "x-inferred-parts"],
  scrollYOffset: BAR,
  theme: {
    typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" } },
  },
};

function show(service) {
  for (const tab of tabs) {
    const chosen = tab.dataset.service === service;
    tab.setAttribute("aria-selected", String(chosen));
    document.getElementById(`service-${tab.dataset.service}`).hidden = !chosen;
  }
  // Redoc measures when the window changes; a hidden section had no size.
  window.dispatchEvent(new Event("resize"));
}

// A link to a place in a service opens that service.
function showLinked() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = place && place.closest("section");
  if (section) show(section.id.replace("service-", ""));
}

for (const tab of tabs) {
  tab.addEventListener("click", () => {
    history.replaceState(null, "", location.pathname);
    show(tab.dataset.service);
    window.scrollTo(0, 0);
  });
}
window.addEventListener("hashchange", showLinked);

for (const [service, spec] of Object.entries(documents)) {
  Redoc.init(spec, options, document.getElementById(`service-${service}`), (error) => {
    if (error) throw error;
    showLinked();
  });
}
show(tabs[0].dataset.service);
