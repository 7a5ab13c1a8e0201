import assert from "node:assert/strict";
import { Bench, gateway, provider } from "./bench";

function peered(): { bench: Bench; vpcId: string; peerVpcId: string; pcx: string } {
  const bench = new Bench();
  const vpcId = bench.vpc("net", "10.0.0.0/16");
  const peerVpcId = bench.vpc("net", "10.1.0.0/16", provider);
  const pcx = bench.id("peering", "p", { vpcId, peerVpcId, peerOwnerId: provider });
  return { bench, vpcId, peerVpcId, pcx };
}

describe("simulated VPC peering", () => {
  it("is one connection for both accounts, pending until the accepter accepts it", () => {
    const { bench, vpcId, peerVpcId, pcx } = peered();
    assert.match(pcx, /^pcx-[0-9a-f]{17}$/);
    assert.equal(bench.read("peering", pcx).acceptStatus, "pending-acceptance");
    const accepted = bench.put("accepter", "a", { vpcPeeringConnectionId: pcx, autoAccept: true }, provider);
    assert.equal(accepted.id, pcx);
    assert.equal(accepted.outputs.acceptStatus, "active");
    assert.equal(accepted.outputs.vpcId, peerVpcId);
    assert.equal(accepted.outputs.peerVpcId, vpcId);
    assert.equal(accepted.outputs.peerOwnerId, gateway);
    assert.equal(bench.read("peering", pcx).acceptStatus, "active");
  });

  it("leaves the requester's stored status as it was at its creation until the requester changes", () => {
    const { bench, vpcId, peerVpcId, pcx } = peered();
    bench.put("accepter", "a", { vpcPeeringConnectionId: pcx, autoAccept: true }, provider);
    const inputs = { vpcId, peerVpcId, peerOwnerId: provider };
    const same = bench.put("peering", "p", inputs);
    assert.equal(same.change, "same");
    assert.equal(same.outputs.acceptStatus, "pending-acceptance");
    const tagged = bench.put("peering", "p", { ...inputs, tags: { a: "b" } });
    assert.equal(tagged.change, "update");
    assert.equal(tagged.outputs.acceptStatus, "active");
  });

  it("stays pending when the accepter does not accept automatically", () => {
    const { bench, pcx } = peered();
    bench.put("accepter", "a", { vpcPeeringConnectionId: pcx }, provider);
    assert.equal(bench.read("peering", pcx).acceptStatus, "pending-acceptance");
  });

  it("refuses overlapping VPCs, second blocks included", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const equal = bench.vpc("equal", "10.0.0.0/16", provider);
    const later = bench.vpc("later", "10.1.0.0/16", provider);
    bench.refuses(
      "VpcPeeringConnectionFailed",
      "peering",
      "p",
      { vpcId, peerVpcId: equal, peerOwnerId: provider },
      /overlap/,
    );
    bench.put("block", "b", { vpcId, cidrBlock: "10.1.128.0/17" });
    bench.refuses(
      "VpcPeeringConnectionFailed",
      "peering",
      "p",
      { vpcId, peerVpcId: later, peerOwnerId: provider },
      /10\.1\.128\.0\/17/,
    );
  });

  it("refuses a block added later that overlaps the peer, on either side", () => {
    const { bench, vpcId, peerVpcId, pcx } = peered();
    bench.refuses(
      "InvalidVpc.Range",
      "block",
      "b",
      { vpcId: peerVpcId, cidrBlock: "10.0.0.0/20" },
      undefined,
      provider,
    );
    bench.put("accepter", "a", { vpcPeeringConnectionId: pcx, autoAccept: true }, provider);
    bench.refuses("InvalidVpc.Range", "block", "b", { vpcId, cidrBlock: "10.1.0.0/20" });
    bench.put("block", "c", { vpcId, cidrBlock: "10.2.0.0/20" });
  });

  it("refuses any further block of a requester whose connection is pending", () => {
    const { bench, vpcId } = peered();
    bench.refuses(
      "OperationNotPermitted",
      "block",
      "b",
      { vpcId, cidrBlock: "10.2.0.0/20" },
      /pending acceptance/,
    );
  });

  it("refuses a second connection for one pair of VPCs, from whichever side", () => {
    const { bench, vpcId, peerVpcId, pcx } = peered();
    const words = new RegExp(pcx);
    bench.refuses(
      "VpcPeeringConnectionAlreadyExists",
      "peering",
      "q",
      { vpcId, peerVpcId, peerOwnerId: provider },
      words,
    );
    const back = { vpcId: peerVpcId, peerVpcId: vpcId, peerOwnerId: gateway };
    bench.refuses("VpcPeeringConnectionAlreadyExists", "peering", "q", back, words, provider);
  });

  it("refuses a VPC with itself, a peer that does not exist, and one without the account that owns it", () => {
    const { bench, vpcId, peerVpcId } = peered();
    bench.refuses("InvalidParameterValue", "peering", "q", { vpcId, peerVpcId: vpcId });
    bench.refuses("VpcPeeringConnectionFailed", "peering", "q", {
      vpcId,
      peerVpcId: "vpc-0",
      peerOwnerId: provider,
    });
    bench.refuses("InvalidVpcID.NotFound", "peering", "q", { vpcId, peerVpcId });
  });

  it("refuses automatic acceptance across accounts and regions", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const peerVpcId = bench.vpc("net", "10.1.0.0/16", provider);
    const far = bench.vpc("far", "10.2.0.0/16", gateway, "eu-west-1");
    bench.refuses("OperationNotPermitted", "peering", "p", {
      vpcId,
      peerVpcId,
      peerOwnerId: provider,
      autoAccept: true,
    });
    bench.refuses("InvalidParameterCombination", "peering", "p", {
      vpcId,
      peerVpcId: far,
      peerRegion: "eu-west-1",
      autoAccept: true,
    });
  });

  it("refuses acceptance by the requester, by strangers, in another region, and of nothing", () => {
    const { bench, pcx } = peered();
    const inputs = { vpcPeeringConnectionId: pcx, autoAccept: true };
    bench.refuses("OperationNotPermitted", "accepter", "a", inputs, /belongs to account 222222222222/);
    bench.refuses(
      "InvalidVpcPeeringConnectionID.NotFound",
      "accepter",
      "a",
      inputs,
      undefined,
      "333333333333",
    );
    bench.refuses(
      "OperationNotPermitted",
      "accepter",
      "a",
      inputs,
      /Incorrect region/,
      provider,
      "eu-west-1",
    );
    bench.refuses(
      "InvalidVpcPeeringConnectionID.NotFound",
      "accepter",
      "a",
      { vpcPeeringConnectionId: "pcx-0" },
      undefined,
      provider,
    );
  });

  it("refuses options before the connection is active and of the other side, and takes a side's own", () => {
    const { bench, pcx } = peered();
    const own = { vpcPeeringConnectionId: pcx, requester: { allowRemoteVpcDnsResolution: true } };
    bench.refuses("OperationNotPermitted", "options", "o", own, /not active/);
    bench.put("accepter", "a", { vpcPeeringConnectionId: pcx, autoAccept: true }, provider);
    assert.equal(bench.put("options", "o", own).change, "create");
    bench.refuses("OperationNotPermitted", "options", "o", own, /requester peering options/, provider);
  });

  it("refuses options in the request itself while the connection is pending", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const peerVpcId = bench.vpc("net", "10.1.0.0/16", provider);
    const requester = { allowRemoteVpcDnsResolution: true };
    bench.refuses("OperationNotPermitted", "peering", "p", {
      vpcId,
      peerVpcId,
      peerOwnerId: provider,
      requester,
    });
  });
});
