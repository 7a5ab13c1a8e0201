import assert from "node:assert/strict";
import { imageParameter } from "../../components/demonstration-image";
import { DemonstrationService, type DemonstrationServiceArgs } from "../../components/demonstration-service";
import { DemonstrationVpc } from "../../components/demonstration-vpc";
import { ExistingNetwork } from "../../components/existing-network";
import { succeed } from "../support/mocks";
import { all, find, inputs, label, listOf, refusal, refusedPaths } from "../support/questions";

const zones = ["us-east-1b", "us-east-1a"];

describe("DemonstrationVpc", () => {
  const program = (cidrBlocks: string[]) => () => {
    const { vpcId, subnetIds, routeTableIds } = new DemonstrationVpc("shop", { cidrBlocks, zones });
    return { vpcId, subnetIds, routeTableIds };
  };

  it("is one awsx VPC with a computed isolated subnet per zone, in the order of the zones, and no NAT", async () => {
    const result = await succeed(program(["10.20.0.0/20"]));
    assert.deepEqual(listOf(result), ["DemonstrationVpc shop", "awsx:ec2:Vpc shop"]);
    assert.deepEqual(inputs(result, "awsx:ec2:Vpc shop"), {
      cidrBlock: "10.20.0.0/20",
      availabilityZoneNames: ["us-east-1a", "us-east-1b"],
      subnetStrategy: "Auto",
      subnetSpecs: [{ type: "Isolated", name: "service", cidrBlocks: ["10.20.0.0/23", "10.20.2.0/23"] }],
      natGateways: { strategy: "None" },
      enableDnsSupport: true,
      enableDnsHostnames: true,
    });
    assert.equal(label(find(result, "awsx:ec2:Vpc shop").parent), "DemonstrationVpc shop");
    assert.deepEqual(result.outputs, {
      vpcId: "shop-id",
      subnetIds: {
        "10.20.0.0/20": {
          "us-east-1a": "shop-isolated-us-east-1a-id",
          "us-east-1b": "shop-isolated-us-east-1b-id",
        },
      },
      routeTableIds: { "us-east-1a": "shop-table-us-east-1a-id", "us-east-1b": "shop-table-us-east-1b-id" },
    });
  });

  it("adds a subnet per zone for each further block, behind the zone's own route table", async () => {
    const result = await succeed(program(["10.20.0.0/20", "100.64.16.0/20"]));
    assert.deepEqual(listOf(result), [
      "DemonstrationVpc shop",
      "awsx:ec2:Vpc shop",
      "ec2.RouteTableAssociation shop-100.64.16.0/20-us-east-1a-routes",
      "ec2.RouteTableAssociation shop-100.64.16.0/20-us-east-1b-routes",
      "ec2.Subnet shop-100.64.16.0/20-us-east-1a",
      "ec2.Subnet shop-100.64.16.0/20-us-east-1b",
      "ec2.VpcIpv4CidrBlockAssociation shop-block-100.64.16.0/20",
    ]);
    assert.deepEqual(inputs(result, "ec2.VpcIpv4CidrBlockAssociation shop-block-100.64.16.0/20"), {
      vpcId: "shop-id",
      cidrBlock: "100.64.16.0/20",
    });
    assert.deepEqual(inputs(result, "ec2.Subnet shop-100.64.16.0/20-us-east-1b"), {
      vpcId: "shop-id",
      cidrBlock: "100.64.18.0/23",
      availabilityZone: "us-east-1b",
    });
    assert.deepEqual(inputs(result, "ec2.RouteTableAssociation shop-100.64.16.0/20-us-east-1b-routes"), {
      subnetId: "shop-100.64.16.0/20-us-east-1b-id",
      routeTableId: "shop-table-us-east-1b-id",
    });
    const subnet = find(result, "ec2.Subnet shop-100.64.16.0/20-us-east-1b");
    assert.ok(
      subnet.dependencies.map(label).includes("ec2.VpcIpv4CidrBlockAssociation shop-block-100.64.16.0/20"),
      "the subnet must wait for the block it lies in",
    );
  });

  it("registers the same resources in a preview in which no id is known", async () => {
    const blocks = ["10.20.0.0/20", "100.64.16.0/20"];
    assert.deepEqual(
      listOf(await succeed(program(blocks), { preview: true })),
      listOf(await succeed(program(blocks))),
    );
  });

  it("refuses wrong blocks and zones, under the names that its arguments have", async () => {
    const declare = (cidrBlocks: string[], names = zones) =>
      refusedPaths(() => new DemonstrationVpc("shop", { cidrBlocks, zones: names }));
    assert.deepEqual(await declare([]), ["cidrBlocks"]);
    assert.deepEqual(await declare(["10.20.0.0/20", "10.20.8.1/24"]), ["cidrBlocks[1]", "cidrBlocks[1]"]);
    assert.deepEqual(await declare(["10.20.0.0/20", "10.21.0.0/28"]), ["cidrBlocks[1]"]);
    assert.deepEqual(await declare(["10.20.0.0/20"], []), ["zones"]);
    assert.deepEqual(await declare(["10.20.0.0/20"], ["us-east-1a", "us-east-1a"]), ["zones"]);
  });
});

describe("DemonstrationService", () => {
  const args: DemonstrationServiceArgs = {
    vpcId: "vpc-1",
    subnetIds: { "us-east-1a": "subnet-a", "us-east-1b": "subnet-b", "us-east-1c": "subnet-c" },
    addresses: { "us-east-1b": "10.20.2.10", "us-east-1a": "10.20.0.10" },
    services: {
      refunds: { port: 8081 },
      payments: { port: 8080, healthCheckProtocol: "HTTP", healthCheckPath: "/health" },
    },
    instanceType: "t3.micro",
  };
  const declare = (more: Partial<DemonstrationServiceArgs> = {}) =>
    succeed(() => ({
      securityGroupId: new DemonstrationService("shop", { ...args, ...more }).securityGroupId,
    }));

  it("registers a balancer in front of instances, and a listener, group and rules for each service", async () => {
    const result = await declare();
    const expected = [
      "DemonstrationService shop",
      "autoscaling.Group shop-instances",
      "ec2.LaunchTemplate shop-template",
      "ec2.SecurityGroup shop-instance-sg",
      "ec2.SecurityGroup shop-nlb-sg",
      "lb.Listener payments-listener",
      "lb.Listener refunds-listener",
      "lb.LoadBalancer shop-nlb",
      "lb.TargetGroup payments-tg",
      "lb.TargetGroup refunds-tg",
      "vpc.SecurityGroupEgressRule shop-nlb-to-payments",
      "vpc.SecurityGroupEgressRule shop-nlb-to-refunds",
      "vpc.SecurityGroupIngressRule shop-instance-from-nlb-payments",
      "vpc.SecurityGroupIngressRule shop-instance-from-nlb-refunds",
    ];
    assert.deepEqual(listOf(result), expected);
    for (const text of expected.slice(1))
      assert.equal(label(find(result, text).parent), "DemonstrationService shop");
    assert.deepEqual(result.outputs, { securityGroupId: "shop-nlb-sg-id" });
  });

  it("pins the balancer's address in each zone that has one", async () => {
    const balancer = inputs(await declare(), "lb.LoadBalancer shop-nlb");
    assert.deepEqual(balancer, {
      loadBalancerType: "network",
      internal: true,
      ipAddressType: "ipv4",
      enableCrossZoneLoadBalancing: true,
      subnetMappings: [
        { subnetId: "subnet-a", privateIpv4Address: "10.20.0.10" },
        { subnetId: "subnet-b", privateIpv4Address: "10.20.2.10" },
      ],
      securityGroups: ["shop-nlb-sg-id"],
    });
  });

  it("hides its clients' addresses from the instances, which admit the balancer alone", async () => {
    const result = await declare();
    assert.deepEqual(inputs(result, "lb.TargetGroup payments-tg"), {
      vpcId: "vpc-1",
      targetType: "instance",
      protocol: "TCP",
      port: 8080,
      preserveClientIp: "false",
      healthCheck: {
        enabled: true,
        protocol: "HTTP",
        port: "traffic-port",
        path: "/health",
        matcher: "200-399",
      },
    });
    assert.deepEqual(inputs(result, "lb.TargetGroup refunds-tg").healthCheck, {
      enabled: true,
      protocol: "TCP",
      port: "traffic-port",
    });
    assert.deepEqual(find(result, "lb.TargetGroup refunds-tg").replaceWith.map(label), [
      "lb.LoadBalancer shop-nlb",
    ]);
    const rule = { ipProtocol: "tcp", fromPort: 8081, toPort: 8081, description: "to refunds" };
    assert.deepEqual(inputs(result, "vpc.SecurityGroupEgressRule shop-nlb-to-refunds"), {
      ...rule,
      securityGroupId: "shop-nlb-sg-id",
      referencedSecurityGroupId: "shop-instance-sg-id",
    });
    assert.deepEqual(inputs(result, "vpc.SecurityGroupIngressRule shop-instance-from-nlb-refunds"), {
      ...rule,
      securityGroupId: "shop-instance-sg-id",
      referencedSecurityGroupId: "shop-nlb-sg-id",
    });
    assert.deepEqual(inputs(result, "lb.Listener refunds-listener"), {
      loadBalancerArn: "shop-nlb-arn",
      port: 8081,
      protocol: "TCP",
      defaultActions: [{ type: "forward", targetGroupArn: "refunds-tg-arn" }],
    });
  });

  it("starts instances from the newest image, with IMDSv2 only, no key, and a service on each port", async () => {
    const { userData, ...template } = inputs(await declare(), "ec2.LaunchTemplate shop-template");
    assert.deepEqual(template, {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      instanceType: "t3.micro",
      vpcSecurityGroupIds: ["shop-instance-sg-id"],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      updateDefaultVersion: true,
    });
    const script = Buffer.from(String(userData), "base64").toString("utf8");
    assert.match(script, /^#!\/bin\/bash\n/);
    assert.ok(script.includes('SERVICES = {"8080":"payments","8081":"refunds"}\n'));
    const graviton = inputs(await declare({ instanceType: "t4g.small" }), "ec2.LaunchTemplate shop-template");
    assert.match(String(graviton.imageId), /-arm64$/);
  });

  it("knows the architecture of an instance type", () => {
    for (const type of ["t4g.micro", "m7gd.large", "c6gn.xlarge", "im4gn.large", "x2gd.medium"])
      assert.match(imageParameter(type), /-arm64$/, type);
    for (const type of ["t3.micro", "m5.large", "g4dn.xlarge", "g5.xlarge", "m7i-flex.large"])
      assert.match(imageParameter(type), /-x86_64$/, type);
  });

  it("keeps one instance per zone, or as many as are asked for, in every group of targets", async () => {
    const group = inputs(await declare(), "autoscaling.Group shop-instances");
    const { minSize, maxSize, desiredCapacity, vpcZoneIdentifiers, targetGroupArns, launchTemplate } = group;
    assert.deepEqual([minSize, maxSize, desiredCapacity], [2, 2, 2]);
    assert.deepEqual(vpcZoneIdentifiers, ["subnet-a", "subnet-b"]);
    assert.deepEqual(targetGroupArns, ["payments-tg-arn", "refunds-tg-arn"]);
    assert.deepEqual(launchTemplate, { id: "shop-template-id", version: "7" });
    assert.equal(group.healthCheckType, "ELB");
    const five = inputs(await declare({ instances: 5 }), "autoscaling.Group shop-instances");
    assert.deepEqual([five.minSize, five.maxSize, five.desiredCapacity], [5, 5, 5]);
  });

  it("refuses all wrong arguments at once", async () => {
    const wrong = {
      addresses: { "us-east-1d": "10.20.6.10" },
      services: {
        a: { port: 8080, healthCheckProtocol: "HTTPS" },
        b: { port: 8080 },
        c: { port: 0 },
        "a-service-of-21-chars": { port: 9 },
      },
      instanceType: "micro",
      instances: 0,
    };
    const declareWrong = () => new DemonstrationService("shop-account-of-22-chr", { ...args, ...wrong });
    const found = await refusal(declareWrong);
    assert.deepEqual(
      found.map(({ where }) => where),
      [
        "name",
        "services.a.healthCheckProtocol",
        "services.b.port",
        "services.c.port",
        "services.a-service-of-21-chars",
        "addresses.us-east-1d",
        "instanceType",
        "instances",
      ],
    );
    assert.match(found[6]?.reason ?? "", /given: micro; allowed: an instance type such as t3\.micro/);
    assert.match(found[2]?.reason ?? "", /the port of service "a", too; given: 8080/);
    assert.match(
      found[5]?.reason ?? "",
      /given: 10\.20\.6\.10; allowed: us-east-1a or us-east-1b or us-east-1c/,
    );
    const none = { addresses: {}, services: {} };
    assert.deepEqual(await refusedPaths(() => new DemonstrationService("shop", { ...args, ...none })), [
      "addresses",
      "services",
    ]);
  });
});

describe("ExistingNetwork", () => {
  it("reads everything around the services once, and changes nothing", async () => {
    const places = [
      { subnetId: "subnet-1", routeTableId: "rtb-1", securityGroupId: "sg-1" },
      { subnetId: "subnet-2", routeTableId: "rtb-1", securityGroupId: "sg-1" },
      { subnetId: "subnet-1", routeTableId: "rtb-1", securityGroupId: "sg-2" },
      { subnetId: "subnet-3" },
      {},
    ];
    const result = await succeed(() => {
      new ExistingNetwork("old", { vpcId: "vpc-1", places });
      return {};
    });
    assert.deepEqual(listOf(result), [
      "ExistingNetwork old",
      "read ec2.RouteTable old-rtb-1",
      "read ec2.RouteTableAssociation old-subnet-1-rtb-1",
      "read ec2.RouteTableAssociation old-subnet-2-rtb-1",
      "read ec2.SecurityGroup old-sg-1",
      "read ec2.SecurityGroup old-sg-2",
      "read ec2.Subnet old-subnet-1",
      "read ec2.Subnet old-subnet-2",
      "read ec2.Subnet old-subnet-3",
      "read ec2.Vpc old-vpc-1",
    ]);
    assert.deepEqual(result.resources.flatMap(({ reads }) => (reads === undefined ? [] : [reads])).sort(), [
      "rtb-1",
      "sg-1",
      "sg-2",
      "subnet-1",
      "subnet-1/rtb-1",
      "subnet-2",
      "subnet-2/rtb-1",
      "subnet-3",
      "vpc-1",
    ]);
    for (const { parent, reads } of result.resources)
      if (reads !== undefined) assert.equal(label(parent), "ExistingNetwork old");
    assert.deepEqual(all(result, "vpc.SecurityGroupIngressRule"), []);
  });
});
