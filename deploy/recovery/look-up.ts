import { mkdtemp, rm } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { type EngineSettings } from "../engine-stack";

/** A question to AWS: a data source, asked as one of a stack's providers. */
export interface Question {
  /** Name of the provider among those given. */
  provider: string;
  /** Token of the data source. */
  token: string;
  args: Record<string, unknown>;
}

/** A data source's result; undefined when it found nothing or was refused, with what was said. */
export type Answer = { result: Record<string, unknown> } | { result: undefined; error: string };

/** Version of the AWS provider whose data sources are asked. */
const version = "7.48.0";

/**
 * Asks AWS with the very providers of a stack: same credentials, roles and region. It is done by a program of its own in a
 * backend of its own that is thrown away, so that the stack and the operator's backend stay as they are.
 * @param providers the inputs of the stack's providers, by name.
 */
export async function lookUp(
  { command, environment }: Pick<EngineSettings, "command" | "environment">,
  own: Readonly<Record<string, string>>,
  providers: Readonly<Record<string, Record<string, unknown>>>,
  questions: readonly Question[],
): Promise<Answer[]> {
  if (questions.length === 0) return [];
  const folder = await mkdtemp(path.join(os.tmpdir(), "gateway-look-up-"));
  const answers: Answer[] = [];
  const program = async (): Promise<void> => {
    const connected = new Map(
      Object.entries(providers).map(([name, inputs]) => [name, new ConnectedProvider(name, inputs)]),
    );
    for (const [index, { provider, token, args }] of questions.entries()) {
      try {
        const options = { provider: connected.get(provider), version, async: true };
        const result = (await pulumi.runtime.invoke(token, args, options)) as Record<string, unknown>;
        answers[index] = { result };
      } catch (error) {
        answers[index] = { result: undefined, error: error instanceof Error ? error.message : String(error) };
      }
    }
  };
  try {
    const stack = await LocalWorkspace.createStack(
      { stackName: "look-up", projectName: "look-up", program },
      {
        workDir: folder,
        pulumiCommand: command,
        envVars: {
          ...environment,
          ...own,
          PULUMI_BACKEND_URL: `file://${folder}`,
          PULUMI_CONFIG_PASSPHRASE: "look-up",
        },
        projectSettings: { name: "look-up", runtime: "nodejs", backend: { url: `file://${folder}` } },
      },
    );
    await stack.up({ color: "never" });
    return answers;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A provider with inputs as a stack's state has them: lists and objects are JSON text already. */
class ConnectedProvider extends pulumi.ProviderResource {
  constructor(name: string, inputs: Record<string, unknown>) {
    super("aws", name, inputs, { version });
  }
}
