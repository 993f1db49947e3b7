// What @jupyter/builder's configuration lacks: which of its warnings say nothing new.
module.exports = {
  // Vega with Vega-Lite, 0.8 MB, is fetched with the first picture; more would be news.
  performance: { maxAssetSize: 900_000 },
  // The workspace's one licence stands at the root.
  ignoreWarnings: [/could not find any license file for hotcell/],
};
