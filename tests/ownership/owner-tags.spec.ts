import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { registerOwnerTags } from "../../ownership/owner-tags";
import { nameTag, stackTag, stackTagValue } from "../../ownership/tag-names";
import { type RunOptions, succeed, unknownValue } from "../support/mocks";
import { declared, gatewaySettings, Landscape, succeeded, upSingleOperator } from "../support/landscape";
import { find } from "../support/questions";
import { admissible, expectDistinct } from "./tags";

const stack = "provider-account/shop-dev";
const owned = { [stackTag]: stack };

/** The inputs `tags` of what a program declares in stack `provider-account/shop-dev`, by short type and name. */
async function tagsOf(program: () => void, options: RunOptions = {}): Promise<(text: string) => unknown> {
  const result = await succeed(
    () => {
      registerOwnerTags();
      program();
      return {};
    },
    { project: "provider-account", stack: "shop-dev", ...options },
  );
  return (text) => find(result, text).inputs.tags;
}

describe("owner tags", () => {
  it("are admissible in AWS for every project and stack that Pulumi allows", () => {
    const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,100}$/);
    fc.assert(fc.property(name, name, (project, own) => admissible(stackTag, stackTagValue(project, own))));
    assert.ok(admissible(nameTag, "x"));
    assert.equal(
      admissible("aws:x", "x") || admissible("x", "a$b") || admissible("x", "x".repeat(257)),
      false,
    );
  });

  it("tell stacks of one name in several projects, and several stacks of one project, apart", () => {
    const values = [stackTagValue("a", "dev"), stackTagValue("b", "dev"), stackTagValue("a", "test")];
    assert.deepEqual(values, ["a/dev", "b/dev", "a/test"]);
  });

  it("are added to a taggable resource, with its logical name where it has no Name", async () => {
    const tags = await tagsOf(() => {
      new aws.ec2.Vpc("bare", { cidrBlock: "10.0.0.0/16" });
      new aws.ec2.Vpc("named", { cidrBlock: "10.1.0.0/16", tags: { Name: "net", team: "cards" } });
    });
    assert.deepEqual(tags("ec2.Vpc bare"), { Name: "bare", ...owned });
    assert.deepEqual(tags("ec2.Vpc named"), { Name: "net", team: "cards", ...owned });
  });

  it("are added to tags that are known only later, and hide no known tag in a preview", async () => {
    const program = () => {
      const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
      new aws.ec2.Vpc("later", { tags: vpc.id.apply((id) => ({ id })) });
      new aws.ec2.Vpc("promised", { tags: Promise.resolve({ Name: "p" }) });
      new aws.ec2.Vpc("part", { tags: { id: vpc.id } });
    };
    const tags = await tagsOf(program);
    assert.deepEqual(tags("ec2.Vpc later"), { Name: "later", id: "net-id", ...owned });
    assert.deepEqual(tags("ec2.Vpc promised"), { Name: "p", ...owned });
    assert.deepEqual(tags("ec2.Vpc part"), { Name: "part", id: "net-id", ...owned });
    const preview = await tagsOf(program, { preview: true });
    assert.deepEqual(preview("ec2.Vpc part"), { Name: "part", id: unknownValue, ...owned });
    assert.deepEqual(preview("ec2.Vpc later"), unknownValue);
  });

  it("are list entries of an auto scaling group, which its instances do not inherit", async () => {
    const sizes = { minSize: 1, maxSize: 1 };
    const tags = await tagsOf(() => {
      new aws.autoscaling.Group("bare", sizes);
      new aws.autoscaling.Group("named", {
        ...sizes,
        tags: [{ key: "Name", value: "x", propagateAtLaunch: true }],
      });
    });
    const owner = { key: stackTag, value: stack, propagateAtLaunch: false };
    assert.deepEqual(tags("autoscaling.Group bare"), [
      { key: "Name", value: "bare", propagateAtLaunch: false },
      owner,
    ]);
    assert.deepEqual(tags("autoscaling.Group named"), [
      { key: "Name", value: "x", propagateAtLaunch: true },
      owner,
    ]);
  });

  it("reach the children of awsx.ec2.Vpc, which have names of their own", async () => {
    const tags = await tagsOf(() => {
      const given = { availabilityZoneNames: ["us-east-1a"], cidrBlock: "10.0.0.0/16" };
      new awsx.ec2.Vpc("net", given);
      new awsx.ec2.Vpc("mine", { ...given, tags: { team: "cards" } });
    });
    assert.deepEqual(tags("awsx:ec2:Vpc net"), owned);
    assert.deepEqual(tags("awsx:ec2:Vpc mine"), { team: "cards", ...owned });
  });

  it("stay away from what is only read, has no tags, is a component, or is not of AWS", async () => {
    class Tagged extends pulumi.ComponentResource {
      constructor(name: string) {
        super("central-private-gateway:index:Tagged", name, { tags: { a: "b" } });
      }
    }
    class Foreign extends pulumi.CustomResource {
      constructor(name: string) {
        super("other:index:Thing", name, { tags: { a: "b" } });
      }
    }
    const tags = await tagsOf(() => {
      aws.ec2.Vpc.get("theirs", "vpc-0000000a");
      new aws.ec2.Route("way", { routeTableId: "rtb-0000000a" });
      new Tagged("component");
      new Foreign("foreign");
    });
    assert.equal(tags("ec2.Vpc theirs"), undefined);
    assert.equal(tags("ec2.Route way"), undefined);
    assert.deepEqual(tags("Tagged component"), { a: "b" });
    assert.deepEqual(tags("other:index:Thing foreign"), { a: "b" });
  });

  it("are those of the present run, however many ran before in this process", async () => {
    const declare = () => void new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
    for (const own of ["dev", "test", "dev"]) {
      const tags = await tagsOf(declare, { stack: own });
      assert.deepEqual(tags("ec2.Vpc net"), { Name: "net", [stackTag]: `provider-account/${own}` });
    }
    const without = await succeed(() => {
      declare();
      return {};
    });
    assert.equal(find(without, "ec2.Vpc net").inputs.tags, undefined);
  });

  it("tell everything apart where provider, target and the target's own balancer share a name", async () => {
    const { providers } = new Landscape();
    const cidrBlocks = ["10.20.0.0/20", "10.21.0.0/20", "10.22.0.0/20"];
    const network = { create: { cidrBlocks, zones: ["us-east-1a", "us-east-1b"] } };
    const services = {
      shop: { basePath: "/shop", port: 8080 },
      "shop-nlb": { basePath: "/nlb", port: 8081 },
    };
    providers.shop = { name: "shop", network, services };
    const targets = {
      shop: { ownBalancer: { hostNumber: 20 } },
      "shop-nlb": { ownBalancer: { hostNumber: 30 } },
    };
    for (const version of ["V1", "V2"]) {
      const gateway = { ...gatewaySettings, link: { version }, targets };
      const single = declared(succeeded(await upSingleOperator({ gateway, providers })));
      const inAws = single.filter(({ type, reads }) => type.startsWith("aws:") && reads === undefined);
      assert.ok(expectDistinct(inAws) > 60);
    }
  });
});
