import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { codeBlocks } from "./code-blocks";

interface Pipeline {
  default: { before_script: string[] };
}

describe("the page on continuous integration", () => {
  const page = "docs/ci.md";

  it("has YAML and JSON that can be read", () => {
    const blocks = [...codeBlocks(page, "yaml"), ...codeBlocks(page, "json")];
    assert.ok(blocks.length >= 3);
    for (const { text, line } of blocks) assert.ok(parse(text) !== null, `${page}:${line}`);
  });

  it("has a pipeline whose script writes one profile for each account, and a token that nobody else can read", () => {
    const pipeline = codeBlocks(page, "yaml")
      .map(({ text }) => parse(text) as Partial<Pipeline>)
      .find((value) => value.default !== undefined);
    const lines = pipeline?.default?.before_script.slice(0, 3) ?? [];
    const folder = mkdtempSync(path.join(tmpdir(), "pipeline "));
    try {
      const { status, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", lines.join("\n")], {
        encoding: "utf8",
        env: {
          ...{ PATH: process.env.PATH ?? "", CI_PROJECT_DIR: path.join(folder, "project") },
          ...{ AWS_TOKEN: "ey.token", ROLE: "gateway-up", CI_JOB_ID: "7" },
        },
      });
      assert.equal(status, 0, stderr);
      const config = readFileSync(path.join(folder, "project.tmp", "aws-config"), "utf8");
      assert.deepEqual(config.match(/^\[profile \w+\]$/gm), [
        ...["[profile state]", "[profile gateway]", "[profile payments]"],
      ]);
      assert.match(
        config,
        /^role_arn = arn:aws:iam::333333333333:role\/gateway-up\nrole_session_name = gitlab-7$/m,
      );
      const [, token = ""] = /^web_identity_token_file = (.*)$/m.exec(config) ?? [];
      assert.equal(readFileSync(token, "utf8"), "ey.token");
      assert.equal(statSync(token).mode & 0o077, 0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
