import assert from "node:assert/strict";
import fc from "fast-check";
import { ProblemsError } from "../../../common/problems";
import type { ExistingResource } from "../../../rehearsal/aws/simulated-aws";
import { SimulatedAws } from "../../../rehearsal/aws/simulated-aws";
import { Bench, gateway, provider, region, types } from "./bench";

describe("simulated AWS", () => {
  it("gives a URN the same id in every process and from pass to pass", () => {
    const first = new Bench();
    const id = first.vpc("net", "10.0.0.0/16");
    assert.equal(first.put("vpc", "net", { cidrBlock: "10.0.0.0/16" }).change, "same");
    assert.equal(first.vpc("net", "10.0.0.0/16"), id);
    assert.equal(new Bench().vpc("net", "10.0.0.0/16"), id);
    assert.notEqual(first.vpc("other", "10.0.0.0/16"), id);
  });

  it("gives each replacement another id and keeps the old one until it is finished", () => {
    const bench = new Bench();
    const first = bench.vpc("net", "10.0.0.0/16");
    const second = bench.put("vpc", "net", { cidrBlock: "10.1.0.0/16" });
    assert.equal(second.change, "replace");
    assert.notEqual(second.id, first);
    assert.equal(bench.read("vpc", first).cidrBlock, "10.0.0.0/16");
    bench.aws.finishReplacements([bench.urn("vpc", "net")]);
    assert.throws(() => bench.read("vpc", first), /InvalidVpcID.NotFound/);
    assert.equal(bench.read("vpc", second.id).cidrBlock, "10.1.0.0/16");
  });

  it("removes a resource with the predecessors it still has", () => {
    const bench = new Bench();
    const ids = ["10.0.0.0/16", "10.1.0.0/16", "10.2.0.0/16"].map((block) => bench.vpc("net", block));
    assert.equal(new Set(ids).size, 3);
    bench.remove("vpc", "net");
    for (const id of ids) assert.throws(() => bench.read("vpc", id), /NotFound/);
  });

  it("updates tags in place and leaves what a refused update found", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const made = bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    assert.deepEqual([made.change, made.id, made.outputs.tagsAll], ["update", vpcId, { a: "b" }]);
    bench.refuses("InvalidVpc.Range", "vpc", "net", { cidrBlock: "10.0.0.0/8" });
    assert.equal(bench.read("vpc", vpcId).cidrBlock, "10.0.0.0/16");
    assert.equal(bench.put("vpc", "net", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } }).change, "same");
  });

  it("replaces a resource that moves to another account or region", () => {
    const bench = new Bench();
    const request = {
      urn: "urn:pulumi:s::p::aws:ec2/vpc:Vpc::net",
      type: types.vpc,
      name: "net",
      account: gateway,
      region,
    };
    const inputs = { cidrBlock: "10.0.0.0/16" };
    bench.aws.put({ ...request, inputs });
    assert.equal(bench.aws.put({ ...request, inputs: { ...inputs, region: "eu-west-1" } }).change, "replace");
    assert.equal(bench.aws.put({ ...request, inputs, account: provider }).change, "replace");
  });

  it("finds nothing of other accounts or regions", () => {
    const bench = new Bench();
    const id = bench.vpc("net", "10.0.0.0/16");
    assert.throws(() => bench.read("vpc", id, provider), /InvalidVpcID.NotFound/);
    assert.throws(() => bench.read("vpc", id, gateway, "eu-west-1"), /InvalidVpcID.NotFound/);
  });

  it("passes types through that it does not know", () => {
    const aws = new SimulatedAws();
    const type = "aws:sqs/queue:Queue";
    assert.equal(aws.knows(type), false);
    assert.equal(aws.knows(types.vpc), true);
    const urn = `urn:pulumi:s::p::${type}::q`;
    const made = aws.put({ urn, type, name: "q", account: gateway, region, inputs: { delaySeconds: 3 } });
    assert.deepEqual(made.outputs, { region, delaySeconds: 3 });
    assert.equal(made.unchecked, true);
    assert.match(made.id, /^not-simulated-\w+$/);
  });

  it("starts from a deployment file's resources, whose unchanged inputs change nothing", () => {
    const source = new Bench();
    const inputs = { cidrBlock: "10.0.0.0/16" };
    const { id, outputs } = source.put("vpc", "net", inputs);
    const bench = new Bench();
    const resource = { urn: source.urn("vpc", "net"), type: types.vpc, id, account: gateway, region };
    bench.aws.restore({ ...resource, inputs: { ...inputs, __defaults: [] }, outputs });
    assert.equal(bench.put("vpc", "net", inputs).change, "same");
    assert.equal(bench.read("table", String(outputs.mainRouteTableId)).vpcId, id);
    const replaced = bench.put("vpc", "net", { cidrBlock: "10.1.0.0/16" });
    assert.equal(replaced.change, "replace");
    assert.notEqual(replaced.id, id);
  });

  it("takes the peering state of restored stacks from the accepter", () => {
    const bench = new Bench();
    const place = { account: gateway, region };
    const ends = { vpcId: "vpc-0a", peerVpcId: "vpc-0b", peerOwnerId: provider, peerRegion: region };
    const pcx = { type: types.peering, id: "pcx-0a", ...place, urn: "urn:a", inputs: {} };
    bench.aws.restore({ ...pcx, outputs: { ...ends, acceptStatus: "pending-acceptance" } });
    assert.equal(bench.read("peering", "pcx-0a").acceptStatus, "pending-acceptance");
    const accepter = {
      type: types.accepter,
      id: "pcx-0a",
      account: provider,
      region,
      urn: "urn:b",
      inputs: {},
    };
    bench.aws.restore({ ...accepter, outputs: { acceptStatus: "active" } });
    assert.equal(bench.read("peering", "pcx-0a").acceptStatus, "active");
  });

  it("decides nothing from names and tags: other ones change no outcome", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 20 }),
        fc.dictionary(fc.string(), fc.string()),
        (name, tags) => {
          const bench = new Bench();
          const vpcId = bench.id("vpc", name, { cidrBlock: "10.0.0.0/16", tags });
          bench.put("subnet", name, { vpcId, cidrBlock: "10.0.0.0/24", tags });
          bench.refuses("InvalidSubnet.Conflict", "subnet", `${name}2`, {
            vpcId,
            cidrBlock: "10.0.0.0/25",
            tags,
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe("existing resources of simulated AWS", () => {
  const place = { account: provider, region };
  const vpc: ExistingResource = {
    type: types.vpc,
    id: "vpc-0a",
    ...place,
    properties: { cidrBlock: "10.0.0.0/16" },
  };
  const subnet: ExistingResource = {
    ...{ type: types.subnet, id: "subnet-0a", ...place },
    properties: { vpcId: "vpc-0a", cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" },
  };

  it("can be read, with computed outputs beside what was given, in whatever order they are listed", () => {
    const bench = new Bench([subnet, vpc]);
    const read = bench.read("subnet", "subnet-0a", provider);
    assert.equal(read.cidrBlock, "10.0.0.0/24");
    assert.equal(read.arn, `arn:aws:ec2:us-east-1:${provider}:subnet/subnet-0a`);
    assert.equal(read.availabilityZone, "us-east-1a");
  });

  it("take part in what is refused", () => {
    const bench = new Bench([vpc, subnet]);
    bench.refuses(
      "InvalidSubnet.Conflict",
      "subnet",
      "b",
      { vpcId: "vpc-0a", cidrBlock: "10.0.0.0/25" },
      undefined,
      provider,
    );
  });

  it("are refused all at once when malformed or impossible", () => {
    const wrong: ExistingResource[] = [
      vpc,
      vpc,
      { ...vpc, id: "vpc-zz" },
      { ...vpc, id: "vpc-0c", account: "12" },
      { ...vpc, id: "vpc-0d", region: "nowhere" },
      { ...vpc, id: "vpc-0e", properties: { cidrBlock: "10.0.0.0/8" } },
      { ...subnet, properties: { cidrBlock: "10.0.0.0/24" } },
      { ...subnet, type: "aws:sqs/queue:Queue" },
    ];
    assert.throws(
      () => new SimulatedAws(wrong),
      (error: unknown) => {
        assert.ok(error instanceof ProblemsError);
        assert.deepEqual(
          error.problems.map((problem) => Number(/^existing\[(\d)\]/.exec(problem.where)?.[1])).sort(),
          [1, 2, 3, 4, 5, 6, 7],
        );
        return true;
      },
    );
  });
});

describe("simulated data sources", () => {
  const ask = (bench: Bench, token: string, args: Record<string, unknown> = {}): Record<string, unknown> =>
    bench.aws.invoke(token, args, gateway, region);

  it("tell the account, region, partition and zones", () => {
    const bench = new Bench();
    assert.equal(ask(bench, "aws:index/getCallerIdentity:getCallerIdentity").accountId, gateway);
    assert.equal(ask(bench, "aws:index/getRegion:getRegion").region, region);
    assert.equal(ask(bench, "aws:index/getPartition:getPartition").partition, "aws");
    const { names } = ask(bench, "aws:index/getAvailabilityZones:getAvailabilityZones");
    assert.deepEqual((names as string[]).slice(0, 2), ["us-east-1a", "us-east-1b"]);
  });

  it("write policy documents as the provider does", () => {
    const statements = [
      {
        actions: ["s3:Get"],
        resources: ["*"],
        principals: [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }],
      },
    ];
    const { json } = ask(new Bench(), "aws:iam/getPolicyDocument:getPolicyDocument", { statements });
    assert.deepEqual(JSON.parse(String(json)), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: "s3:Get", Resource: "*", Principal: { Service: "ec2.amazonaws.com" } },
      ],
    });
  });

  it("resolve public image parameters to an image id, and no others", () => {
    const token = "aws:ssm/getParameter:getParameter";
    const name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
    assert.match(String(ask(new Bench(), token, { name }).value), /^ami-[0-9a-f]{17}$/);
    assert.throws(() => ask(new Bench(), token, { name: "/mine" }), /ParameterNotFound/);
  });

  it("find resources by id and by filter, in the own account only", () => {
    const bench = new Bench();
    const vpcId = bench.vpc("net", "10.0.0.0/16");
    const subnet = bench.subnet("a", vpcId, "10.0.0.0/24");
    assert.equal(ask(bench, "aws:ec2/getVpc:getVpc", { id: vpcId }).cidrBlock, "10.0.0.0/16");
    const filters = [{ name: "vpc-id", values: [vpcId] }];
    assert.deepEqual(ask(bench, "aws:ec2/getSubnets:getSubnets", { filters }).ids, [subnet]);
    assert.throws(
      () => bench.aws.invoke("aws:ec2/getVpc:getVpc", { id: vpcId }, provider, region),
      /InvalidVpcID.NotFound/,
    );
  });

  it("that are not simulated are refused by name", () => {
    const token = "aws:rds/getInstance:getInstance";
    assert.throws(() => ask(new Bench(), token), /aws:rds\/getInstance:getInstance is not simulated/);
  });
});
