import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findPulumi, type PulumiCli, type Surroundings } from "../../engine/pulumi-cli";

/** What a fake `go` does instead of building. */
export interface FakeGo {
  version?: string;
  /** Seconds that a build takes. */
  seconds?: number;
  /** What it complains about, instead of building anything. */
  complaint?: string;
  /** Version that the "built" CLI tells. */
  built?: string;
}

/** A folder of its own with fake commands, an own PATH and an own place for what is built. */
export class FakeCommands {
  // With a blank, as in the home folders of many people.
  readonly root = mkdtempSync(path.join(tmpdir(), "engine "));
  readonly builds = path.join(this.root, "builds", "here");
  readonly said: string[] = [];
  path: string[] = [];

  /** Writes an executable shell script; nothing but the shell and its own commands is on its PATH. */
  script(file: string, text: string): string {
    const absolute = path.join(this.root, file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, `#!/bin/sh\n${text}\n`);
    chmodSync(absolute, 0o755);
    return absolute;
  }

  /** A folder on PATH with a CLI that tells this version, with or without a language host. */
  pulumi(folder: string, version: string, { host = true } = {}): string {
    const log = path.join(this.root, "update-check");
    if (host) this.script(`${folder}/pulumi-language-nodejs`, "exit 0");
    this.path.push(path.join(this.root, folder));
    return this.script(`${folder}/pulumi`, `echo "$PULUMI_SKIP_UPDATE_CHECK" >> "${log}"\necho "${version}"`);
  }

  /** A folder on PATH with a Go; each build writes its arguments to a file. */
  go({ version = "go1.99.0", seconds = 0, complaint, built = "v3.246.0" }: FakeGo = {}): void {
    this.path.push(path.join(this.root, "go"));
    const build =
      complaint === undefined
        ? `command -p sleep ${seconds}
           while [ "$1" != "-o" ]; do shift; done
           printf '#!/bin/sh\\necho ${built}\\n' > "$2"
           command -p chmod 755 "$2"`
        : `echo "${complaint}" >&2; exit 1`;
    this.script(
      "go/go",
      `if [ "$1" = env ]; then echo "${version}"; exit 0; fi
       echo "$@ GOWORK=$GOWORK GOOS=$GOOS" >> "${path.join(this.root, "go-builds")}"
       ${build}`,
    );
  }

  /** One line for each `go build` that was started. */
  get goBuilds(): string[] {
    return this.lines("go-builds");
  }

  /** What each start of a CLI on PATH found in the variable that turns its check for updates off. */
  get updateChecks(): string[] {
    return this.lines("update-check");
  }

  get surroundings(): Surroundings {
    return { environment: { PATH: this.path.join(path.delimiter), GOOS: "plan9" }, builds: this.builds };
  }

  find(): Promise<PulumiCli> {
    return findPulumi((line) => this.said.push(line), this.surroundings);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private lines(file: string): string[] {
    const absolute = path.join(this.root, file);
    return existsSync(absolute) ? readFileSync(absolute, "utf8").trim().split("\n") : [];
  }
}
