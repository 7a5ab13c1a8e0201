import assert from "node:assert/strict";
import * as path from "node:path";
import { type ApiDocument } from "./api-document";
import { readLandscape } from "../../landscape/landscape";
import { type Verdict } from "../../proof/proof";
import { prove } from "../../proof/prove";
import { rehearse } from "../../rehearsal/rehearse";
import { type StackResources } from "../../resources/resource";
import { alterIn, copyOf, removeFrom, resourceNamed, stackNamed } from "./stacks";

const all = ["accounts", "card-limits", "cards", "investments", "payments", "refunds"];
const onMain = all.filter((name) => name !== "refunds");
const ofCards = ["card-limits", "cards"];
const ofPayments = ["payments", "refunds"];

type Stacks = readonly StackResources[];
/** One change: its title, the change, the targets that it must affect, and a word of the code and place that a finding must name. */
type Step = [
  title: string,
  change: (stacks: Stacks) => void,
  affected: readonly string[],
  at: RegExp,
  verdict?: Verdict,
];

const gone = (stack: string, kind: string, name: string) => (stacks: Stacks) =>
  void removeFrom(stacks, stack, kind, name);
const other =
  (stack: string, kind: string, name: string, values: Record<string, unknown>) => (stacks: Stacks) =>
    void alterIn(stacks, stack, kind, name, values);

/** Changes the deployed document of the API. */
const inDocument = (change: (document: ApiDocument) => void) => (stacks: Stacks) => {
  const api = resourceNamed(stackNamed(stacks, "dev"), "RestApi", "gateway-api");
  const document = JSON.parse(String(api.inputs.body)) as ApiDocument;
  change(document);
  api.inputs.body = api.outputs.body = JSON.stringify(document);
};
/** Changes every integration below a base path. */
const inIntegrations = (basePath: string, change: (integration: Record<string, unknown>) => void) =>
  inDocument((document) => {
    let changed = 0;
    for (const [place, methods] of Object.entries(document.paths)) {
      if (place !== basePath && !place.startsWith(`${basePath}/`)) continue;
      for (const method of Object.values(methods)) {
        const integration = method["x-amazon-apigateway-integration"];
        if (integration === undefined) continue;
        change(integration);
        changed += 1;
      }
    }
    assert.ok(changed > 0);
  });

// prettier-ignore
const api: Step[] = [
  ["the stage is removed", gone("dev", "Stage", "gateway-stage"), all, /NO_STAGE .*gateway-api/],
  ["the deployment is removed", gone("dev", "Deployment", "gateway-deployment"), all, /NO_DEPLOYMENT .*gateway-stage/],
  ["the VPC link is removed", gone("dev", "VpcLink", "gateway-link-v2"), all, /VPC_LINK_NOT_FOUND .*gateway-api/],
  ["the methods of one target call another balancer", inIntegrations("/accounts", (integration) => { integration.integrationTarget = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/none/0123456789abcdef"; }), ["accounts"], /gateway-api/, "unknown"],
  ["the methods of one target use another link", inIntegrations("/cards", (integration) => { integration.connectionId = "abc123"; }), ["cards"], /gateway-api/, "unknown"],
  ["the methods of one target call a port without listener", inIntegrations("/investments", (integration) => { integration.uri = String(integration.uri).replace(/:\d+/, ":9"); }), ["investments"], /ELB_LISTENER_NOT_FOUND .*gateway-main-nlb/],
  ["the methods of one target leave the VPC", inIntegrations("/card-limits", (integration) => { integration.connectionType = "INTERNET"; delete integration.connectionId; }), ["card-limits"], /gateway-api/, "unknown"],
];

// prettier-ignore
const gatewaySide: Step[] = [
  ["the shared balancer is removed", gone("dev", "LoadBalancer", "gateway-main-nlb"), onMain, /LOAD_BALANCER_NOT_FOUND .*gateway-api/],
  ["a target's own balancer is removed", gone("dev", "LoadBalancer", "refunds-nlb"), ["refunds"], /LOAD_BALANCER_NOT_FOUND .*gateway-api/],
  ["a listener is removed", gone("dev", "Listener", "cards-listener"), ["cards"], /gateway-main-nlb/],
  ["a listener takes another port", other("dev", "Listener", "accounts-listener", { port: 9 }), ["accounts"], /gateway-main-nlb/],
  ["a target group is removed", gone("dev", "TargetGroup", "payments-tg"), ["payments"], /payments-listener/],
  ["a target group's only attachment is removed", gone("dev", "TargetGroupAttachment", "card-limits-attachment-10.50.1.25"), ["card-limits"], /card-limits-tg/],
  ["an attachment has another port", other("dev", "TargetGroupAttachment", "card-limits-attachment-10.50.1.25", { port: 9444 }), ["card-limits"], /gateway-main-sg/],
  ["an attachment has an address of nobody", other("dev", "TargetGroupAttachment", "card-limits-attachment-10.50.1.25", { targetId: "10.99.1.25" }), ["card-limits"], /CANNOT_ROUTE .*gateway-routes/],
  ["an attachment outside of the VPC names no zone", other("dev", "TargetGroupAttachment", "card-limits-attachment-10.50.1.25", { availabilityZone: undefined }), ["card-limits"], /card-limits-attachment/],
  ["a health check asks a port that nobody admits", other("dev", "TargetGroup", "cards-tg", { healthCheck: { protocol: "TCP", port: "9" } }), ["cards"], /gateway-main-sg/],
  ["the link's rule to the shared balancer is removed", gone("dev", "SecurityGroupEgressRule", "gateway-main-from-link"), onMain, /gateway-link-sg/],
  ["the link's rule to the own balancer is removed", gone("dev", "SecurityGroupEgressRule", "refunds-from-link"), ["refunds"], /gateway-link-sg/],
  ["a balancer's rule for the link is removed", gone("dev", "SecurityGroupIngressRule", "investments-from-link"), ["investments"], /gateway-main-sg/],
  ["a balancer's rule to an address is removed", gone("dev", "SecurityGroupEgressRule", "gateway-main-to-10.50.1.25-9443"), ["card-limits"], /gateway-main-sg/],
  ["a balancer's rule to an address has another port", other("dev", "SecurityGroupEgressRule", "gateway-main-to-10.50.2.25-8443", { fromPort: 1, toPort: 2 }), ["cards"], /gateway-main-sg/],
  ["the route to a provider is removed", gone("dev", "Route", "gateway-cards-route-main-10.50.0.0/20"), ofCards, /gateway-routes/],
  ["the route to a provider leads to another one", (stacks) => { const { id } = resourceNamed(stackNamed(stacks, "dev"), "VpcPeeringConnection", "gateway-accounts-connection"); alterIn(stacks, "dev", "Route", "gateway-payments-route-main-10.30.0.0/20", { vpcPeeringConnectionId: id }); }, ofPayments, /CANNOT_ROUTE .*gateway-payments-route-main/],
  ["the route to a provider's second block is removed", gone("dev", "Route", "gateway-investments-route-main-100.64.16.0/20"), ["investments"], /gateway-routes/],
  ["a balancer subnet's association is removed", gone("dev", "RouteTableAssociation", "gateway-balancer-us-east-1b-routes"), all, /CANNOT_ROUTE .*gateway-balancer-us-east-1b/],
  ["a peering request is removed", gone("dev", "VpcPeeringConnection", "gateway-payments-connection"), ofPayments, /BAD_STATE .*gateway-payments-route-main/],
];

// prettier-ignore
const providerSide: Step[] = [
  ["an accepter is removed", gone("accounts-dev", "VpcPeeringConnectionAccepter", "accounts-gateway-accepter"), ["accounts"], /BAD_STATE .*gateway-accounts-connection/],
  ["an accepter's connection is deleted", other("cards-dev", "VpcPeeringConnectionAccepter", "cards-gateway-accepter", { acceptStatus: "deleted" }), ofCards, /accepter/],
  ["a return route is removed", gone("cards-dev", "Route", "cards-gateway-route-private-10.0.0.0/20"), ofCards, /rtb-0ca4d5000000000a1/],
  ["the return route of one zone is removed", gone("payments-dev", "Route", "payments-gateway-route-us-east-1b-10.0.0.0/20"), ofPayments, /payments-service-2/],
  ["a subnet's association is removed", gone("investments-dev", "RouteTableAssociation", "investments-100.64.16.0/20-us-east-1a-routes"), ["investments"], /CANNOT_ROUTE .*investments-100.64.16.0\/20-us-east-1a/],
  ["an existing service's rule for one node is removed", gone("cards-dev", "SecurityGroupIngressRule", "cards-admit-sg-0ca4d5000000000a1-9443-10.0.2.10"), ["card-limits"], /sg-0ca4d5000000000a1/],
  ["an existing service's rule admits another port", other("cards-dev", "SecurityGroupIngressRule", "cards-admit-sg-0ca4d5000000000a1-8443-10.0.0.10", { fromPort: 1, toPort: 2 }), ["cards"], /sg-0ca4d5000000000a1/],
  ["a provider's balancer does not admit one of the nodes", gone("payments-dev", "SecurityGroupIngressRule", "payments-admit-demo-8081-10.0.2.20"), ["refunds"], /payments-nlb-sg/],
  ["a provider's balancer is removed", gone("accounts-dev", "LoadBalancer", "accounts-nlb"), ["accounts"], /accounts/, "unknown"],
  ["a provider's listener is removed", gone("payments-dev", "Listener", "refunds-listener"), ["refunds"], /payments-nlb/],
  ["a provider's target group is removed", gone("payments-dev", "TargetGroup", "payments-tg"), ["payments"], /payments-listener/],
  ["the provider's balancer has no rule to its instances", gone("payments-dev", "SecurityGroupEgressRule", "payments-nlb-to-refunds"), ["refunds"], /payments-nlb-sg/],
  ["the instances have no rule for their balancer", gone("payments-dev", "SecurityGroupIngressRule", "payments-instance-from-nlb-payments"), ["payments"], /payments-instance-sg/],
  ["the auto scaling group is removed", gone("accounts-dev", "Group", "accounts-instances"), ["accounts"], /accounts-tg/],
  ["the launch template is removed", gone("investments-dev", "LaunchTemplate", "investments-template"), ["investments"], /investments/, "unknown"],
  ["a provider's health check asks a port that nobody admits", other("payments-dev", "TargetGroup", "payments-tg", { healthCheck: { protocol: "TCP", port: "9" } }), ["payments"], /payments-nlb-sg/],
];

describe("the walk over the bank's resources", function () {
  let bank: StackResources[];
  before(async function () {
    this.timeout(60_000);
    const { landscape } = await readLandscape(path.resolve(__dirname, "../../examples/bank/landscape.yaml"));
    assert.ok(landscape);
    bank = (await rehearse(landscape)).stacks;
  });

  const verdictsOf = (stacks: StackResources[]) =>
    Object.fromEntries(prove(stacks).targets.map(({ name, verdict }) => [name, verdict]));

  it("finds every target reachable while nothing is missing", () => {
    assert.deepEqual(verdictsOf(bank), Object.fromEntries(all.map((name) => [name, "reachable"])));
  });

  for (const [title, change, affected, at, verdict = "blocked"] of [
    ...api,
    ...gatewaySide,
    ...providerSide,
  ]) {
    it(`when ${title}, ${affected.length === all.length ? "no target is reachable" : `all but ${affected.join(" and ")} stay reachable`}`, () => {
      const stacks = copyOf(bank);
      change(stacks);
      const { targets, findings: common } = prove(stacks);
      assert.deepEqual(
        Object.fromEntries(targets.map((target) => [target.name, target.verdict])),
        Object.fromEntries(all.map((name) => [name, affected.includes(name) ? verdict : "reachable"])),
      );
      for (const { name, findings } of targets.filter((target) => affected.includes(target.name))) {
        const told = [...findings, ...common].filter(({ severity }) => severity !== "risk");
        const places = told.map(({ code, resource }) => `${code} ${resource}`);
        assert.ok(
          places.some((place) => at.test(place)),
          `${name} is not told to be broken there, but at ${places.join(", ")}`,
        );
        assert.ok(told.every(({ message, fix }) => message !== "" && fix !== ""));
      }
    });
  }

  it("needs every single resource of a path, and what others make up for is known by name", () => {
    const onPath =
      /^aws:.*:(Route|VpcPeeringConnection|VpcPeeringConnectionAccepter|RouteTableAssociation|SecurityGroup|SecurityGroup(In|E)gressRule|LoadBalancer|TargetGroup|TargetGroupAttachment|Listener|Group|LaunchTemplate|Subnet|RouteTable|VpcLink|Stage|Deployment|RestApi)$/;
    /** What a resource's removal may touch: the targets of its stack, or of the target whose name it bears. */
    const ofStack: Record<string, string[]> = {
      "accounts-dev": ["accounts"],
      "payments-dev": ofPayments,
      "investments-dev": ["investments"],
      "cards-dev": ofCards,
    };
    const madeUpFor: string[] = [];
    for (const { stack, resources } of bank) {
      for (const { urn, type, name } of resources.filter((resource) => onPath.test(resource.type))) {
        const left = bank.map((other) => ({
          ...other,
          resources: other.resources.filter((resource) => resource.urn !== urn),
        }));
        const lost = prove(left)
          .targets.filter(({ verdict }) => verdict !== "reachable")
          .map((target) => target.name);
        const bearer = all.filter((target) => name.startsWith(`${target}-`));
        const mayLose = ofStack[stack] ?? (bearer.length === 0 ? all : bearer);
        const others = lost.filter((target) => !mayLose.includes(target));
        assert.deepEqual(others, [], `${type} ${name} of ${stack}`);
        if (lost.length === 0) madeUpFor.push(name);
      }
    }
    const spare = [
      // The VPC's main route table has the same local route, and links need no other.
      ...["a", "b", "c"].map((zone) => `gateway-link-us-east-1${zone}-routes`),
      // No service lies in the first block of investments.
      "gateway-investments-route-main-10.40.0.0/22",
      // Its subnets, and their associations of the same names.
      ...["1", "1", "2", "2"].map((zone) => `investments-service-${zone}`),
      // One of several addresses of a service.
      ...["accounts-attachment-10.20.0.10", "accounts-attachment-10.20.2.10"],
      ...["cards-attachment-10.50.1.25", "cards-attachment-10.50.2.25"],
      ...["investments-attachment-100.64.16.10", "investments-attachment-100.64.18.10"],
      ...["0", "2", "4"].flatMap((part) => ofPayments.map((name) => `${name}-attachment-10.30.${part}.10`)),
      // The provider admits every balancer to every service, so that a target can move.
      ...["0", "2", "4"].flatMap((part) => [
        `payments-admit-demo-8080-10.0.${part}.20`,
        `payments-admit-demo-8081-10.0.${part}.10`,
      ]),
    ];
    assert.deepEqual(madeUpFor.sort(), spare.sort());
  });
});
