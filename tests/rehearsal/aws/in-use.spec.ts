import assert from "node:assert/strict";
import { Bench } from "./bench";

const role = "arn:aws:iam::111111111111:role/r";

describe("what simulated AWS keeps because it is in use", () => {
  for (const [what, type, inputs] of [
    ["a function", "aws:lambda/function:Function", (vpcConfig: object) => ({ role, vpcConfig })],
    [
      "a network interface",
      "aws:ec2/networkInterface:NetworkInterface",
      ({ subnetIds, securityGroupIds }: { subnetIds: string[]; securityGroupIds: string[] }) => ({
        subnetId: subnetIds[0],
        securityGroups: securityGroupIds,
      }),
    ],
  ] as const)
    it(`is the subnet and the security group of ${what}`, () => {
      const bench = new Bench();
      const vpcId = bench.vpc("net", "10.0.0.0/16");
      const subnetIds = [bench.subnet("a", vpcId, "10.0.0.0/24")];
      const securityGroupIds = [bench.id("group", "g", { vpcId })];
      const urn = "urn:pulumi:s::p::t::user";
      const place = { account: "111111111111", region: "us-east-1", type, name: "user", urn };
      bench.aws.put({ ...place, inputs: inputs({ subnetIds, securityGroupIds }) });
      assert.throws(() => bench.remove("subnet", "a"), /DependencyViolation/);
      assert.throws(() => bench.remove("group", "g"), /DependencyViolation/);
      bench.aws.remove(urn);
      bench.remove("group", "g");
      bench.remove("subnet", "a");
    });

  it("is not a group that only a peered VPC's rule names: that rule becomes stale", () => {
    const bench = new Bench();
    const [vpcId, peerVpcId] = [bench.vpc("net", "10.0.0.0/16"), bench.vpc("peer", "10.5.0.0/16")];
    bench.put("peering", "p", { vpcId, peerVpcId, autoAccept: true });
    const [own, other] = [
      bench.id("group", "own", { vpcId }),
      bench.id("group", "other", { vpcId: peerVpcId }),
    ];
    const rule = { ipProtocol: "tcp", fromPort: 443, toPort: 443, referencedSecurityGroupId: own };
    bench.put("ingress", "r", { ...rule, securityGroupId: other });
    bench.remove("group", "own");
  });
});
