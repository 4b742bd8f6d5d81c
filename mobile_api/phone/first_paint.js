// Runs before the first paint, so that nobody sees small letters first and large ones a moment later;
// and says so when the app has not come after a while.
(function () {
  var PATIENCE_MS = 15000;
  var root = document.documentElement;
  try {
    root.dataset.textSize = localStorage.getItem("yinling.text-size") || "normal";
    root.dataset.contrast = localStorage.getItem("yinling.contrast") || "normal";
    root.lang = localStorage.getItem("yinling.language") || "zh-CN";
  } catch (storageIsClosed) {
    root.dataset.textSize = "normal";
  }
  setTimeout(function () {
    var words = document.getElementById("cannot-open");
    if (words) words.hidden = false;
  }, PATIENCE_MS);
})();
