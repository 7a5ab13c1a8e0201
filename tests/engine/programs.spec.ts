import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { ProgramStopped } from "../../configuration/failure";
import { projects } from "../../landscape/projects";

const repository = path.resolve(__dirname, "../..");

describe("a Pulumi project", () => {
  for (const [name, { folder, main: programFolder }] of Object.entries(projects)) {
    const { main = "" } = parse(readFileSync(path.join(repository, folder, "Pulumi.yaml"), "utf8")) as {
      main?: string;
    };

    // Without a file in `main`, Pulumi runs what package.json exports as soon as `npm run build` has made it: a library
    // that declares no resource. An update would then delete the whole stack.
    it(`names its program's file: ${name}`, () => {
      assert.equal(path.join(folder, main), path.join(programFolder, "index.ts"));
      const program = readFileSync(path.join(repository, folder, main), "utf8");
      assert.match(program, /^import .*"\.\/program"/m);
    });

    // Pulumi looks for tsconfig.json in the folder of the program. Types are checked by `npm run check`.
    it(`does not check types at each start: ${name}`, () => {
      const file = path.join(repository, folder, path.dirname(main), "tsconfig.json");
      const { compilerOptions } = JSON.parse(readFileSync(file, "utf8")) as {
        compilerOptions: { noCheck?: boolean };
      };
      assert.equal(compilerOptions.noCheck, true);
    });
  }

  // See configuration/failure.ts.
  it("has no stack to format when it refuses its configuration", () => {
    assert.equal(new ProgramStopped([], "Mistakes").stack, undefined);
  });
});
