import { existsSync } from "node:fs";
import * as path from "node:path";
import { nearest } from "../common/collector";
import { type Problem, ProblemsError } from "../common/problems";
import { type Landscape, readLandscape } from "../landscape/landscape";
import { behaviours } from "../rehearsal/aws/behaviours";
import { existingProblems } from "../rehearsal/rehearse";
import { logicalName } from "../resources/resource";
import { Cloud } from "../simulator/cloud";
import { type Endpoint, providerEnvironment, serveProviders } from "../simulator/server";
import { WrongInput } from "./outcome";
import { defaultLandscape } from "./rehearse";

/** Options of the command as the command line gives them. */
export interface SimulateOptions {
  /** Landscape file. Defaults to the bank. */
  landscape?: string;
  port?: string;
  state?: string;
  failCall: string[];
  failType: string[];
  afterEffect?: boolean;
  caller: string[];
}

/** A server that runs. */
export interface Simulation {
  /** What --json prints. */
  document: {
    command: "simulate";
    simulated: true;
    landscape: string;
    port: number;
    environment: Record<string, string>;
    callers: { account: string; port: number; environment: Record<string, string> }[];
    /** The file that keeps the state; null when nothing does. */
    state: string | null;
    /** How many resources of stacks exist already. */
    resources: number;
  };
  /** Saves, and serves no longer. */
  close(): void;
}

/** Serves simulated AWS. Throws `WrongInput` with every problem, and then serves nothing. */
export async function simulateCommand(
  options: SimulateOptions,
  progress: (line: string) => void,
): Promise<Simulation> {
  const problems: Problem[] = [];
  const landscape = await readInput(options.landscape, problems);
  const port = readPort(options, problems);
  const calls = readCalls(options, problems);
  checkCallers(options.caller, problems);
  const stateFile = options.state === undefined ? undefined : path.resolve(options.state);
  const cloud = openCloud(landscape, stateFile, problems);
  const endpoints =
    port === undefined ? [] : await serve(cloud, [undefined, ...options.caller], port, problems);
  const close = (): void => endpoints.forEach((endpoint) => endpoint.close());
  const [first, ...others] = endpoints;
  if (problems.length > 0 || first === undefined) {
    close();
    throw new WrongInput("Simulated AWS cannot be started", problems);
  }
  const when = options.afterEffect === true ? { afterEffect: true } : {};
  for (const call of calls) cloud.faults.add({ index: cloud.changes + call, ...when });
  for (const type of options.failType) cloud.faults.add({ type, ...when });
  reportCalls(cloud, progress);
  return {
    document: {
      ...{ command: "simulate", simulated: true, landscape: landscape?.name ?? "" },
      ...{ port: first.port, environment: providerEnvironment(first) },
      callers: others.map((endpoint, index) => ({
        ...{ account: options.caller[index] ?? "", port: endpoint.port },
        environment: providerEnvironment(endpoint),
      })),
      ...{ state: stateFile ?? null, resources: cloud.owned().length },
    },
    close: () => {
      close();
      cloud.save();
    },
  };
}

async function readInput(file: string | undefined, problems: Problem[]): Promise<Landscape | undefined> {
  const { landscape, problems: found } = await readLandscape(path.resolve(file ?? defaultLandscape));
  problems.push(...found, ...(landscape === undefined ? [] : existingProblems(landscape)));
  return landscape;
}

function readPort({ port, caller }: SimulateOptions, problems: Problem[]): number | undefined {
  if (port === undefined) return 0;
  const value = /^\d{1,5}$/.test(port) ? Number(port) : -1;
  const last = 65_535 - caller.length;
  if (value >= 1 && value <= last) return value;
  problems.push({
    where: "--port",
    what: caller.length === 0 ? "is no port" : "is no port with room for those of the callers behind it",
    value: port,
    allowed: `a whole number from 1 to ${last}`,
    change: "leave it out for a free port",
  });
  return undefined;
}

/** Which calls are to fail, counted from the start; also checks the other options of failures. */
function readCalls({ failCall, failType, afterEffect }: SimulateOptions, problems: Problem[]): number[] {
  for (const value of failCall)
    if (!/^[1-9]\d{0,8}$/.test(value))
      problems.push({
        ...{ where: "--fail-call", what: "is no number of a call", value },
        ...{ allowed: "a whole number from 1 on", change: "count the calls that change something" },
      });
  for (const value of failType) {
    if (behaviours[value] !== undefined) continue;
    const guess = nearest(value, Object.keys(behaviours));
    problems.push({
      ...{ where: "--fail-type", what: "is no type that is simulated", value },
      allowed: "a Pulumi type token such as aws:ec2/vpc:Vpc",
      change: guess === undefined ? "see docs/simulated-aws.md for the types" : `write ${guess}`,
    });
  }
  if (afterEffect === true && failCall.length + failType.length === 0)
    problems.push({
      ...{ where: "--after-effect", what: "says when calls fail, and none is to fail" },
      ...{ allowed: "with --fail-call or --fail-type", change: "name a call or a type, or leave it out" },
    });
  return failCall.map(Number);
}

function checkCallers(accounts: readonly string[], problems: Problem[]): void {
  accounts.forEach((account, index) => {
    const repeated = accounts.indexOf(account) !== index;
    if (/^\d{12}$/.test(account) && !repeated) return;
    problems.push({
      where: "--caller",
      what: repeated ? "names an account twice" : "is no account",
      value: account,
      allowed: "the 12 digits of an account, each account once",
      change: repeated ? "leave one out" : "correct the number",
    });
  });
}

/** The cloud; an empty one that keeps nothing when it cannot be opened. */
function openCloud(
  landscape: Landscape | undefined,
  stateFile: string | undefined,
  problems: Problem[],
): Cloud {
  const usable = problems.length === 0 && landscape !== undefined;
  const { existing, quotas } = usable ? landscape : { existing: [], quotas: {} };
  if (stateFile !== undefined && !existsSync(path.dirname(stateFile))) {
    problems.push({
      ...{ where: "--state", what: "names a file in a folder that does not exist", value: stateFile },
      ...{ allowed: "a file in a folder that exists", change: "make the folder, or correct the path" },
    });
    return new Cloud();
  }
  if (stateFile === undefined) return new Cloud({ existing, quotas });
  try {
    // A mistake elsewhere must not leave a file behind that lacks what the landscape says.
    const cloud = new Cloud({ existing, quotas, stateFile, readOnly: !usable });
    if (usable) cloud.save();
    return cloud;
  } catch (error) {
    if (error instanceof ProblemsError) problems.push(...error.problems);
    else {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw error;
      problems.push({
        ...{ where: "--state", what: `names a file that cannot be written (${code})`, value: stateFile },
        ...{ allowed: "a file in a folder that exists and can be written", change: "name another file" },
      });
    }
    return new Cloud();
  }
}

/** An endpoint for each caller, at ports that follow each other when the first is given. */
async function serve(
  cloud: Cloud,
  callers: readonly (string | undefined)[],
  port: number,
  problems: Problem[],
): Promise<Endpoint[]> {
  const endpoints: Endpoint[] = [];
  for (const [index, caller] of callers.entries()) {
    const wanted = port === 0 ? 0 : port + index;
    try {
      endpoints.push(await serveProviders(cloud, caller, wanted));
    } catch (error) {
      const reason = /\b(E[A-Z]+)\b/.exec(error instanceof Error ? error.message : "")?.[1] ?? String(error);
      problems.push({
        where: caller === undefined ? "--port" : `--port, for --caller ${caller}`,
        what: reason === "EADDRINUSE" ? "is in use" : `cannot be listened at (${reason})`,
        value: String(wanted),
        allowed: "a free port of the loopback interface",
        change: "name another port, or leave it out for a free one",
      });
    }
  }
  return endpoints;
}

/** Tells of each call that changes something, with the number by which --fail-call names it. */
function reportCalls(cloud: Cloud, progress: (line: string) => void): void {
  const before = cloud.changes;
  cloud.onCall = ({ index, operation, type, urn, account }, failure) => {
    const failed = failure === undefined ? "" : `: ${failure}`;
    progress(`${index - before} ${operation} ${type} ${logicalName(urn)} in account ${account}${failed}`);
  };
}
