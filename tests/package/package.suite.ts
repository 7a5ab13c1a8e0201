import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

// Needs the npm registry, which it reaches through npm itself: packs the library, installs the tarball into an empty
// project, and uses it there as another business unit would.

const repository = path.resolve(__dirname, "../..");

/** What another business unit writes: a gateway with one target, run on Pulumi's mocks. */
const consumer = `
import * as pulumi from "@pulumi/pulumi";
import {
  CentralGateway, GatewayBalancer, GatewayVpcLink, PeeredVpc, PrivateApiTarget, type PrivateApiTargetArgs,
} from "central-private-gateway";

const registered: string[] = [];

async function main(): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs }) {
      registered.push(type + " " + name);
      return { id: name + "-id", state: { ...inputs, arn: name + "-arn", dnsName: name + ".elb", invokeUrl: "https://x" } };
    },
    call: ({ token }) => { throw new Error(token); },
  }, "consumer", "test", false);
  await pulumi.runtime.runInPulumiStack(async () => {
    const vpc = new PeeredVpc("shop", {
      create: { cidrBlocks: ["10.0.0.0/20"], zones: ["us-east-1a"], tiers: ["balancer", "link"] },
      peers: { orders: { cidrBlocks: ["10.20.0.0/20"], request: { peerVpcId: "vpc-2", peerAccount: "222222222222" } } },
    });
    const link = new GatewayVpcLink("shop-link", { vpcId: vpc.vpcId, subnetIds: vpc.subnetIds.link ?? {} });
    const balancer = new GatewayBalancer("shop-main", {
      vpcId: vpc.vpcId,
      vpcCidrBlocks: vpc.cidrBlocks,
      link,
      zones: { "us-east-1a": { subnetId: vpc.subnetIds.balancer?.["us-east-1a"] ?? "", cidrBlock: "10.0.0.0/24" } },
    });
    const args: PrivateApiTargetArgs = { basePath: "/orders", addresses: ["10.20.0.10"], port: 8080, balancer };
    const target = new PrivateApiTarget("orders", args);
    const api = new CentralGateway("shop", { account: "111111111111", region: "us-east-1", routes: [{ target }] });
    const url: pulumi.Output<string> = api.url;
    return { url };
  });
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify(registered.sort()));
}

void main();
`;

describe("the package", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(path.join(tmpdir(), "package "));
  const project = path.join(folder, "consumer");

  function run(command: string, args: string[], cwd: string): string {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
    assert.equal(status, 0, `${command} ${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }

  function source(name: string, text: string): void {
    writeFileSync(path.join(project, name), text);
  }

  before(function () {
    const ping = spawnSync("npm", ["view", "ip-address@10.7.6", "version"], { encoding: "utf8" });
    if (ping.status !== 0) {
      assert.equal(process.env.CI, undefined, "in CI the npm registry must be reachable");
      console.warn("    SKIPPED: the package suite needs the npm registry, which does not answer");
      this.skip();
    }
    run("npm", ["pack", "--silent", "--pack-destination", folder], repository);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    mkdirSync(project);
    source("package.json", JSON.stringify({ name: "consumer", private: true }));
    const { devDependencies } = JSON.parse(readFileSync(path.join(repository, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const pinned = ["@pulumi/pulumi", "@pulumi/aws", "typescript", "@types/node"].map(
      (name) => `${name}@${devDependencies[name] ?? ""}`,
    );
    run("npm", ["install", "--no-audit", "--no-fund", path.join(folder, tarball), ...pinned], project);
    const compilerOptions = {
      ...{ target: "ES2022", module: "commonjs", moduleResolution: "node16", strict: true },
      ...{ skipLibCheck: true, types: ["node"], outDir: "out" },
    };
    source(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { ...compilerOptions, module: "node16" }, files: ["index.ts"] }),
    );
    source("index.ts", consumer);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("type-checks in another project, and registers the components' resources on mocks", () => {
    run("npx", ["tsc", "-p", "."], project);
    const registered = JSON.parse(run("node", ["out/index.js"], project)) as string[];
    const aws = registered.filter((line) => line.startsWith("aws:"));
    assert.deepEqual(aws, [
      "aws:apigateway/deployment:Deployment shop-deployment",
      "aws:apigateway/methodSettings:MethodSettings shop-methods",
      "aws:apigateway/restApi:RestApi shop-api",
      "aws:apigateway/stage:Stage shop-stage",
      "aws:apigatewayv2/vpcLink:VpcLink shop-link-v2",
      "aws:cloudwatch/logGroup:LogGroup shop-access",
      "aws:ec2/route:Route shop-orders-route-main-10.20.0.0/20",
      "aws:ec2/routeTable:RouteTable shop-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation shop-balancer-us-east-1a-routes",
      "aws:ec2/routeTableAssociation:RouteTableAssociation shop-link-us-east-1a-routes",
      "aws:ec2/securityGroup:SecurityGroup shop-link-sg",
      "aws:ec2/securityGroup:SecurityGroup shop-main-sg",
      "aws:ec2/subnet:Subnet shop-balancer-us-east-1a",
      "aws:ec2/subnet:Subnet shop-link-us-east-1a",
      "aws:ec2/vpc:Vpc shop-vpc",
      "aws:ec2/vpcPeeringConnection:VpcPeeringConnection shop-orders-connection",
      "aws:lb/listener:Listener orders-listener",
      "aws:lb/loadBalancer:LoadBalancer shop-main-nlb",
      "aws:lb/targetGroup:TargetGroup orders-tg",
      "aws:lb/targetGroupAttachment:TargetGroupAttachment orders-attachment-10.20.0.10",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule shop-main-from-link",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule shop-main-to-10.20.0.10-8080",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule orders-from-link",
    ]);
  });

  it("refuses a wrong type at compile time", () => {
    source("index.ts", consumer.replace("port: 8080", 'port: "8080"'));
    const { status, stdout } = spawnSync("npx", ["tsc", "-p", "."], { cwd: project, encoding: "utf8" });
    assert.notEqual(status, 0);
    assert.match(stdout, /Type 'string' is not assignable to type 'number'/);
  });

  it("holds compiled code and its own pages only, and nothing of it but the components can be imported", () => {
    const installed = path.join(project, "node_modules", "central-private-gateway");
    const files = readdirSync(installed, { recursive: true }).map(String);
    assert.deepEqual(
      files.filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts")),
      [],
    );
    assert.ok(!files.some((file) => /^(tests|proof|rehearsal|cli|examples)/.test(file)));
    assert.ok(files.includes("LICENSE") && files.includes("README.md"));
    const deep = spawnSync("node", ["-e", 'require("central-private-gateway/dist/components/peering")'], {
      cwd: project,
      encoding: "utf8",
    });
    assert.match(deep.stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });
});
