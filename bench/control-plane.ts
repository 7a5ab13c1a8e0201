import * as path from "node:path";
import Table from "cli-table3";
import { checkLandscape } from "../landscape/check-landscape";
import { readLandscape } from "../landscape/landscape";
import { repositoryFolder } from "../landscape/projects";
import {
  deploymentCost,
  type DeploymentCost,
  type Planned,
} from "../rehearsal/aws/control-plane/shortest-deployment";
import { rehearse } from "../rehearsal/rehearse";
import { benchSettings } from "./bench-settings";
import { withPlainApi } from "./plain-api";
import { rehearseSide } from "./rehearse-side";

/** What a landscape costs in AWS's API calls, made by this project and in plain resources. */
export interface ControlPlaneRow {
  landscape: string;
  plain: LandscapeCost;
  ours: LandscapeCost;
}

interface LandscapeCost extends DeploymentCost {
  /** The shortest time if only API Gateway had rates. */
  apiGatewaySeconds: number;
}

const bank = path.join(repositoryFolder, "examples", "bank", "landscape.yaml");

/** The rows of the table: the bank with all its accounts, and a gateway with 50 targets. */
export async function compareControlPlane(): Promise<ControlPlaneRow[]> {
  const resources = await bankResources();
  const settings = benchSettings(50, 1);
  return [
    row("the bank: 5 accounts, 6 targets", withPlainApi(resources), resources),
    row(
      "50 targets, one address each: the gateway's account",
      await rehearseSide("plain", settings),
      await rehearseSide("components", settings),
    ),
  ];
}

function row(landscape: string, plain: readonly Planned[], ours: readonly Planned[]): ControlPlaneRow {
  const [yardstick, project] = [costOf(plain), costOf(ours)];
  const uncounted = [...yardstick.uncounted, ...project.uncounted];
  if (uncounted.length > 0) throw new Error(`${landscape}: calls are not known of ${uncounted.join(", ")}`);
  return { landscape, plain: yardstick, ours: project };
}

function costOf(resources: readonly Planned[]): LandscapeCost {
  const { seconds } = deploymentCost(resources, (call) => call.startsWith("apigateway"));
  return { ...deploymentCost(resources), apiGatewaySeconds: seconds };
}

/** What the bank's programs create in all accounts. */
export async function bankResources(): Promise<Planned[]> {
  const { landscape, problems } = await readLandscape(bank);
  if (landscape !== undefined) problems.push(...(await checkLandscape(landscape)).problems);
  if (landscape === undefined || problems.length > 0) throw new Error("the bank has mistakes");
  const { converged, stacks } = await rehearse(landscape);
  if (!converged) throw new Error("the bank does not converge");
  return stacks
    .flatMap((stack) => stack.resources)
    .filter(({ custom, external, type }) => custom && !external && type.startsWith("aws:"));
}

/** The rows as text. */
export function drawControlPlane(rows: readonly ControlPlaneRow[]): string {
  const table = new Table({
    head: ["AWS API calls of a deployment from nothing", "plain", "this project", "ratio"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { landscape, plain, ours } of rows) {
    const add = (what: string, amount: (cost: LandscapeCost) => number, unit = "") => {
      const value = (cost: LandscapeCost) => `${Math.round(amount(cost) * 10) / 10}${unit}`;
      const ratio = amount(ours) / amount(plain);
      table.push([`${landscape}: ${what}`, value(plain), value(ours), ratio.toFixed(3)]);
    };
    add("calls", ({ changes, reads }) => changes + reads);
    add("calls that change something", ({ changes }) => changes);
    add(
      "calls of API Gateway",
      ({ byService }) => (byService.apigateway ?? 0) + (byService.apigatewayv2 ?? 0),
    );
    add("shortest time at documented rates", ({ seconds }) => seconds, " s");
    add("the same with API Gateway's rates only", ({ apiGatewaySeconds }) => apiGatewaySeconds, " s");
    table.push([`${landscape}: held up by`, plain.heldUpBy, ours.heldUpBy, ""]);
  }
  return table.toString();
}
