/**
 * The public parameter that holds the newest Amazon Linux 2023 image for an instance type's architecture. Graviton
 * families carry a `g` behind the generation number.
 * https://docs.aws.amazon.com/linux/al2023/ug/ec2.html#launch-via-aws-cli
 */
export function imageParameter(instanceType: string): string {
  const architecture = /^[a-z]+\d+[a-z]*g[a-z]*\./.test(instanceType) ? "arm64" : "x86_64";
  return `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`;
}

/** User data, base64: a service on each port that answers every request with its name and what it received. */
export function demonstrationUserData(services: Record<string, { port: number }>): string {
  const ports = Object.fromEntries(
    Object.keys(services)
      .sort()
      .map((name) => [services[name]?.port ?? 0, name]),
  );
  const script = `#!/bin/bash
set -euo pipefail
install -d /opt/demonstration
cat >/opt/demonstration/service.py <<'SERVICE'
import json, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVICES = ${JSON.stringify(ports)}

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        port = self.server.server_address[1]
        text = json.dumps({"service": SERVICES[str(port)], "method": self.command, "path": self.path,
                           "headers": dict(self.headers), "body": body, "caller": self.client_address[0]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

for port in SERVICES:
    threading.Thread(target=ThreadingHTTPServer(("", int(port)), Handler).serve_forever).start()
SERVICE
cat >/etc/systemd/system/demonstration.service <<'UNIT'
[Unit]
Description=Demonstration service
[Service]
ExecStart=/usr/bin/python3 /opt/demonstration/service.py
DynamicUser=yes
AmbientCapabilities=CAP_NET_BIND_SERVICE
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --now demonstration.service
`;
  return Buffer.from(script, "utf8").toString("base64");
}
