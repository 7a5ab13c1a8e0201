// Mocha's readable output, and its counts as JSON in the file that MOCHA_REPORT names.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { tests, passes, pending, failures } = this.stats;
      writeFileSync(
        process.env.MOCHA_REPORT,
        JSON.stringify({ stats: { tests, passes, pending, failures } }),
      );
    });
  }
};
