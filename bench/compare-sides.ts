import { isDeepStrictEqual } from "node:util";
import type { BenchSettings } from "./bench-settings";
import { loadLandscape, type Registration, runProgram } from "./run-program";

/** Types of the API and what is behind it in the API's own account: compared by what the API answers, not resource by resource. */
const apiTypes = new Set([
  "aws:apigateway/deployment:Deployment",
  "aws:apigateway/integration:Integration",
  "aws:apigateway/method:Method",
  "aws:apigateway/resource:Resource",
  "aws:apigateway/restApi:RestApi",
]);

/** One method of one path of the API, as a caller meets it. */
interface Operation {
  path: string;
  method: string;
  authorization: string;
  connectionType: unknown;
  connectionId: unknown;
  integrationTarget: unknown;
  integrationType: string;
  integrationMethod: unknown;
  uri: unknown;
  timeout: unknown;
  mappings: unknown;
}

/**
 * Runs both sides and says where their topologies differ: every network, balancer, target group, listener, attachment,
 * rule, link, stage and log group with all its inputs, and every operation of the API. Names and tags may differ.
 *
 * @returns One line for each difference; none when both sides build the same.
 */
export async function compareSides(settings: BenchSettings): Promise<string[]> {
  const [plain, components] = [
    await runProgram(await loadLandscape("plain"), settings),
    await runProgram(await loadLandscape("components"), settings),
  ];
  return [
    ...differences("resource", plain.flatMap(comparable), components.flatMap(comparable)),
    ...differences("operation", operationsOfTree(plain), operationsOfDocument(components)),
  ];
}

/** What only one of the two lists has, each entry as often as it is there. */
function differences(what: string, plain: unknown[], components: unknown[]): string[] {
  const count = (list: unknown[]) => {
    const counts = new Map<string, number>();
    for (const entry of list.map((value) => JSON.stringify(sorted(value))))
      counts.set(entry, (counts.get(entry) ?? 0) + 1);
    return counts;
  };
  const [left, right] = [count(plain), count(components)];
  if (left.size === 0) return [`no ${what} at all`];
  if (isDeepStrictEqual(left, right)) return [];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((entry) => left.get(entry) !== right.get(entry))
    .map((entry) => `${what}: ${left.get(entry) ?? 0} plain, ${right.get(entry) ?? 0} components: ${entry}`);
}

function comparable({ type, custom, inputs }: Registration): unknown[] {
  if (!custom || apiTypes.has(type)) return [];
  const rest = Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== "tags"));
  return [{ type, inputs: nameless(rest) }];
}

function operationsOfTree(registrations: Registration[]): Operation[] {
  const ofType = (type: string) => registrations.filter((registration) => registration.type === type);
  const resources = new Map(
    ofType("aws:apigateway/resource:Resource").map(({ type, name, inputs }) => [`<${type}|${name}>`, inputs]),
  );
  const pathOf = (id: unknown): string => {
    const inputs = resources.get(String(id));
    return inputs === undefined ? "" : `${pathOf(inputs.parentId)}/${String(inputs.pathPart)}`;
  };
  const integrations = new Map(
    ofType("aws:apigateway/integration:Integration").map(({ inputs }) => [
      `${String(inputs.resourceId)} ${String(inputs.httpMethod)}`,
      inputs,
    ]),
  );
  return ofType("aws:apigateway/method:Method").map(({ inputs }) => {
    const integration = integrations.get(`${String(inputs.resourceId)} ${String(inputs.httpMethod)}`) ?? {};
    return nameless({
      path: pathOf(inputs.resourceId),
      method: String(inputs.httpMethod),
      authorization: String(inputs.authorization),
      connectionType: integration.connectionType,
      connectionId: integration.connectionId,
      integrationTarget: integration.integrationTarget,
      integrationType: String(integration.type),
      integrationMethod: integration.integrationHttpMethod,
      uri: integration.uri,
      timeout: integration.timeoutMilliseconds,
      mappings: integration.requestParameters,
    });
  });
}

/** The parts of the API's document that a caller meets. */
interface DeployedOperation {
  security: Record<string, unknown>[];
  "x-amazon-apigateway-integration": Record<string, unknown>;
}

function operationsOfDocument(registrations: Registration[]): Operation[] {
  const api = registrations.find(({ type }) => type === "aws:apigateway/restApi:RestApi");
  const document = JSON.parse(String(api?.inputs.body)) as {
    paths: Record<string, Record<string, DeployedOperation>>;
    components: { securitySchemes: Record<string, Record<string, unknown>> };
  };
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([key, operation]) => {
      const integration = operation["x-amazon-apigateway-integration"];
      const scheme = document.components.securitySchemes[Object.keys(operation.security[0] ?? {})[0] ?? ""];
      return nameless({
        path,
        method: key === "x-amazon-apigateway-any-method" ? "ANY" : key.toUpperCase(),
        authorization: scheme?.["x-amazon-apigateway-authtype"] === "awsSigv4" ? "AWS_IAM" : "other",
        connectionType: integration.connectionType,
        connectionId: integration.connectionId,
        integrationTarget: integration.integrationTarget,
        integrationType: String(integration.type).toUpperCase(),
        integrationMethod: integration.httpMethod,
        uri: integration.uri,
        timeout: integration.timeoutInMillis,
        mappings: integration.requestParameters,
      });
    }),
  );
}

/** The value with each resource's id reduced to its type: the two sides name their resources differently. */
function nameless<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(/<([^<|>]+)\|[^<|>]+>/g, "<$1>")) as T;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
