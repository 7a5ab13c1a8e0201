import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import * as path from "node:path";
import { makeOnce } from "../../engine/make-once";

describe("a folder that is made once", () => {
  const parent = mkdtempSync(path.join(tmpdir(), "once "));
  const folder = path.join(parent, "tools");
  const lock = `${folder}.lock`;
  let made: number;
  let waited: number;
  beforeEach(() => ([made, waited] = [0, 0]));
  afterEach(() => {
    for (const name of readdirSync(parent)) rmSync(path.join(parent, name), { recursive: true });
  });
  after(() => rmSync(parent, { recursive: true, force: true }));

  function make(during: (temporary: string) => void = () => undefined, silence = 100): Promise<void> {
    return makeOnce({
      folder,
      complete: (place) => existsSync(path.join(place, "tool")),
      make: (temporary) => {
        made += 1;
        during(temporary);
        writeFileSync(path.join(temporary, "tool"), "");
        return Promise.resolve();
      },
      onWait: () => (waited += 1),
      patience: { beat: 10, silence },
    });
  }

  it("takes over at once from a process that was killed, and removes what it left long ago", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid }));
    const [old, young] = [`${folder}.unfinished-1`, `${folder}.unfinished-2`];
    for (const leftover of [old, young]) mkdirSync(leftover);
    utimesSync(old, 0, 0);
    await make();
    assert.deepEqual([made, waited], [1, 0]);
    assert.deepEqual(readdirSync(parent), ["tools", path.basename(young)]);
  });

  for (const [what, owner] of [
    ["of another machine", JSON.stringify({ host: "elsewhere", pid: 1 })],
    ["whose number now belongs to another process", JSON.stringify({ host: hostname(), pid: process.pid })],
    ["that was killed before it wrote its name", ""],
  ] as const)
    it(`takes over from a process ${what} when it shows no life`, async () => {
      writeFileSync(lock, owner);
      await make();
      assert.deepEqual([made, waited], [1, 1]);
      assert.deepEqual(readdirSync(parent), ["tools"]);
    });

  it("waits as long as the other process shows life", async function () {
    this.timeout(60_000);
    writeFileSync(lock, JSON.stringify({ host: "elsewhere", pid: 1 }));
    let beats = 0;
    const other = setInterval(() => {
      beats += 1;
      utimesSync(lock, beats, beats);
      if (beats < 5) return;
      clearInterval(other);
      mkdirSync(folder);
      writeFileSync(path.join(folder, "tool"), "");
      rmSync(lock);
    }, 500);
    await make(undefined, 2000);
    assert.deepEqual([made, beats], [0, 5]);
  });

  it("uses what another process made in the meantime", async () => {
    await make(() => {
      mkdirSync(folder);
      writeFileSync(path.join(folder, "tool"), "");
    });
    assert.deepEqual(readdirSync(parent), ["tools"]);
  });

  it("leaves nothing when making fails", async () => {
    await assert.rejects(
      make(() => {
        throw new Error("no");
      }),
      /^Error: no$/,
    );
    assert.deepEqual(readdirSync(parent), []);
  });
});
