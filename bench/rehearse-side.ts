import { SimulatedAws } from "../rehearsal/aws/simulated-aws";
import { runProgram } from "../rehearsal/run-program";
import { type StackState } from "../rehearsal/stack-state";
import { type Planned } from "../rehearsal/aws/control-plane/shortest-deployment";
import type { BenchSettings } from "./bench-settings";
import { loadLandscape, type Side } from "./run-program";

/**
 * Runs one side against simulated AWS, which tells what the mocks do not: which resource depends on which.
 *
 * @returns Its resources in AWS.
 * @throws Error when AWS would refuse something.
 */
export async function rehearseSide(side: Side, settings: BenchSettings): Promise<Planned[]> {
  const { region } = settings;
  const state: StackState = {
    ...{ organization: "organization", project: "bench", stack: side, configurationFolder: __dirname },
    ...{ resources: [], outputs: {} },
    config: { "aws:region": region, "aws:allowedAccountIds": JSON.stringify([settings.account]) },
  };
  const logging = `arn:aws:iam::${settings.account}:role/api-gateway-logging`;
  const aws = new SimulatedAws([
    // Neither side owns the role with which API Gateway writes logs: an account has one, and it is there already.
    {
      ...{
        type: "aws:apigateway/account:Account",
        id: "api-gateway-account",
        account: settings.account,
        region,
      },
      properties: { cloudwatchRoleArn: logging },
    },
    ...settings.providers.map(({ account, vpcId, cidrBlocks }) => ({
      ...{ type: "aws:ec2/vpc:Vpc", id: vpcId, account, region },
      properties: { cidrBlock: cidrBlocks[0] },
    })),
  ]);
  const landscape = await loadLandscape(side);
  const result = await runProgram(state, () => Promise.resolve(landscape(settings)), aws, new Map());
  const refused = result.refusals.map(({ resource, code, message }) => `${resource}: ${code}: ${message}`);
  if (result.stopped !== undefined)
    refused.push(result.stopped instanceof Error ? result.stopped.message : "the program stopped");
  if (refused.length > 0) throw new Error(`${side} is refused:\n${refused.join("\n")}`);
  return state.resources.filter(
    ({ custom, external, type }) => custom && !external && type.startsWith("aws:"),
  );
}
