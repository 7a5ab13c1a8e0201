import assert from "node:assert/strict";
import { type ComponentPlan } from "../../../rehearsal/awsx/plan";
import { planVpc } from "../../../rehearsal/awsx/vpc";

const zonesOf = (region = "us-east-1"): string[] => [..."abcd"].map((letter) => region + letter);

function args(zones: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const cidrBlocks = Array.from({ length: zones }, (_, index) => `10.0.${index}.0/24`);
  return {
    cidrBlock: "10.0.0.0/16",
    subnetStrategy: "Auto",
    natGateways: { strategy: "None" },
    subnetSpecs: [{ type: "Isolated", cidrBlocks }],
    ...more,
  };
}

function zones(of: Record<string, unknown>): unknown[] {
  const { children } = planVpc("net", of, zonesOf) as ComponentPlan;
  return children
    .filter((child) => child.type === "aws:ec2/subnet:Subnet")
    .map((child) => child.inputs.availabilityZone);
}

describe("the zones of awsx.ec2.Vpc, where none are named", () => {
  it("are the first three of the provider's region", () => {
    assert.deepEqual(zones(args(3)), ["us-east-1a", "us-east-1b", "us-east-1c"]);
  });

  it("are as many as asked for, of the region that is asked for", () => {
    const more = { numberOfAvailabilityZones: 2, region: "eu-west-1" };
    assert.deepEqual(zones(args(2, more)), ["eu-west-1a", "eu-west-1b"]);
  });

  it("are refused when the region has fewer, or is not plain", () => {
    const error = (more: Record<string, unknown>): unknown =>
      (planVpc("net", args(5, more), zonesOf) as { error?: unknown }).error;
    assert.match(
      String(error({ numberOfAvailabilityZones: 5 })),
      /does not have at least 5 Availability Zones/,
    );
    assert.match(String(error({ region: Promise.resolve("eu-west-1") })), /must be a plain string/);
  });
});
