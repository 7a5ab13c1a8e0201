import { Unknown } from "../../resources/resource";
import { parseAddress } from "../../common/ipv4";
import type { Api, ApiMethod, ApiStage, Integration } from "../graph/apis";
import { asText, type Text } from "../graph/values";
import type { Check } from "./trail";

/** Where a method's integration leads, as far as the API's configuration tells. */
export interface Endpoint {
  connectionId: string;
  integrationTarget?: string;
  scheme: string;
  host: string;
  port: number;
}

/** What an integration says: an endpoint behind a VPC link, something else, or nothing that can be used. */
export type EndpointReading =
  | { kind: "endpoint"; endpoint: Endpoint; checks: Check[] }
  | { kind: "broken"; checks: Check[] }
  | { kind: "elsewhere"; type: string };

/**
 * Fills in stage variables.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
 */
function withVariables(value: Text, stage: ApiStage | undefined): Text {
  if (typeof value !== "string" || !value.includes("${stageVariables.")) return value;
  let complete = stage !== undefined;
  const text = value.replace(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (_, name: string) => {
    const variable = asText(stage?.variables[name]);
    if (typeof variable !== "string") complete = false;
    return typeof variable === "string" ? variable : "";
  });
  return complete ? text : new Unknown("computed");
}

function pathVariables(text: string): string[] {
  return [...text.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? "");
}

/**
 * Each variable of the URI needs a mapping, and a mapping from the request's path needs that variable in the method's
 * path. https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
function checkMappings(method: ApiMethod, integration: Integration, uri: string): Check[] {
  const step = "integration";
  const at = integration.resource;
  const name = `${method.verb} ${method.path ?? "?"}`;
  const declared = new Set(pathVariables(method.path ?? "").map((variable) => variable.replace(/\+$/, "")));
  const checks: Check[] = [];
  for (const variable of pathVariables(uri.replace(/\$\{[^}]*\}/g, ""))) {
    const source = integration.requestParameters[`integration.request.path.${variable}`];
    if (source instanceof Unknown) {
      checks.push({
        step,
        verdict: "unknown",
        text: `what ${name} puts for {${variable}} is not told by the file`,
        at,
        code: "PARAMETER_NOT_MAPPED",
        fix: "export the stack again",
      });
    } else if (source === undefined) {
      checks.push({
        step,
        verdict: "blocked",
        text: `${name} maps nothing to {${variable}} of ${uri}`,
        at,
        code: "PARAMETER_NOT_MAPPED",
        fix: `map integration.request.path.${variable}`,
      });
    }
  }
  for (const [key, source] of Object.entries(integration.requestParameters)) {
    const from = /^method\.request\.path\.(.+)$/.exec(typeof source === "string" ? source : "")?.[1];
    if (from === undefined || declared.has(from) || method.path === undefined) continue;
    checks.push({
      step,
      verdict: "blocked",
      text: `${name} maps ${key} from path variable {${from}}, which its path does not have`,
      at,
      code: "PARAMETER_NOT_DECLARED",
      fix: `add {${from}} to the path, or map another`,
    });
  }
  return checks;
}

/**
 * 50 ms to 29 s; longer ones need a raised quota, which no resource shows.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
function checkTimeout(method: ApiMethod, integration: Integration): Check[] {
  const { timeout, resource: at } = integration;
  if (timeout === undefined || timeout === 0 || (timeout >= 50 && timeout <= 29_000)) return [];
  const text = `time-out of ${method.verb} ${method.path ?? "?"} is ${timeout} ms; allowed without a raised quota: 50 to 29000 ms`;
  return [
    {
      step: "integration",
      verdict: timeout < 50 ? "blocked" : "unknown",
      text,
      at,
      code: "TIMEOUT_REFUSED",
      fix: "set a time-out between 50 and 29000 ms",
    },
  ];
}

/** Reads where a method leads and checks what its integration says about itself. */
export function readEndpoint(method: ApiMethod, stage: ApiStage | undefined): EndpointReading {
  const { integration } = method;
  const step = "integration";
  const name = `${method.verb} ${method.path ?? "?"}`;
  if (integration === undefined) {
    return {
      kind: "broken",
      checks: [
        {
          step,
          verdict: "blocked",
          text: `${name} has no integration`,
          at: method.resource,
          code: "NO_INTEGRATION",
          fix: "give the method an integration with the VPC link",
        },
      ],
    };
  }
  const at = integration.resource;
  const untold = (what: string): EndpointReading => ({
    kind: "broken",
    checks: [
      {
        step,
        verdict: "unknown",
        text: `${what} of ${name} is not told by the file`,
        at,
        code: "INTEGRATION_UNKNOWN",
        fix: "export the stack again after it is deployed",
      },
    ],
  });
  const type = integration.type;
  if (type instanceof Unknown || integration.connectionType instanceof Unknown)
    return untold("the integration");
  const kind = (type ?? "").toUpperCase();
  const linked = integration.connectionType?.toUpperCase() === "VPC_LINK";
  if (!linked || !kind.startsWith("HTTP"))
    return { kind: "elsewhere", type: linked || !kind.startsWith("HTTP") ? kind : "HTTP over the internet" };
  const connectionId = withVariables(integration.connectionId, stage);
  const uri = withVariables(integration.uri, stage);
  const target = withVariables(integration.integrationTarget, stage);
  if (connectionId instanceof Unknown) return untold("the VPC link");
  if (uri instanceof Unknown) return untold("the URI");
  if (target instanceof Unknown) return untold("the integration target");
  const refuse = (text: string, code: string, fix: string): EndpointReading => ({
    kind: "broken",
    checks: [{ step, verdict: "blocked", text, at, code, fix }],
  });
  if (connectionId === undefined)
    return refuse(`${name} names no VPC link`, "VPC_LINK_NOT_FOUND", "set connectionId to the VPC link");
  const parts = /^(https?):\/\/([^/:?#{}]+)(?::(\d+))?(?=[/?#]|$)/i.exec(uri ?? "");
  const [, scheme, host, port] = parts ?? [];
  if (uri === undefined || scheme === undefined || host === undefined) {
    return refuse(
      `${name} has no usable URI: ${uri ?? "none"}`,
      "URI_REFUSED",
      "set a URI of the form http://host:port/path",
    );
  }
  const checks = [...checkMappings(method, integration, uri), ...checkTimeout(method, integration)];
  const lower = scheme.toLowerCase();
  if (lower === "https" && parseAddress(host) !== undefined) {
    checks.push({
      step,
      verdict: "unknown",
      text: `${name} calls https://${host}: a certificate names servers, and an address matches none unless it lists it`,
      at,
      code: "CERTIFICATE_NAME_MISMATCH",
      fix: "use the server's name in the URI",
    });
  }
  const number = port === undefined ? (lower === "https" ? 443 : 80) : Number(port);
  if (number < 1 || number > 65535)
    return refuse(`${name} has port ${number} in its URI`, "URI_REFUSED", "use a port between 1 and 65535");
  const endpoint: Endpoint = {
    connectionId,
    ...(target === undefined ? {} : { integrationTarget: target }),
    scheme: lower,
    host,
    port: number,
  };
  return { kind: "endpoint", endpoint, checks };
}

/** Text that is equal for equal endpoints of one API. */
export function endpointKey(api: Api, endpoint: Endpoint): string {
  return [
    api.id,
    endpoint.connectionId,
    endpoint.integrationTarget ?? "",
    endpoint.scheme,
    endpoint.host,
    endpoint.port,
  ].join(" ");
}
