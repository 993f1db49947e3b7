// What @jupyter/builder's configuration lacks.
module.exports = {
  // Vega with Vega-Lite, 0.8 MB, is fetched with the first picture; more would be news.
  performance: { maxAssetSize: 900_000 },
};
