#!/bin/sh
# Makes what is missing: keys, the schema, the contract on the trial chain. May run again at any time.
# Reads LOG_ORIGIN, LOG_KEY_FILE, ANCHOR_KEY_FILE, CONTRACT_FILE, DATABASE_MIGRATION_URL and EVM_RPC_URL.
set -eu

[ -f "$LOG_KEY_FILE" ] || zhengben log keygen "$LOG_ORIGIN" "$LOG_KEY_FILE"
if [ ! -f "$ANCHOR_KEY_FILE" ]; then
  umask 077
  node -p '`0x${crypto.randomBytes(32).toString("hex")}`' > "$ANCHOR_KEY_FILE.new"
  mv "$ANCHOR_KEY_FILE.new" "$ANCHOR_KEY_FILE"
fi

zhengben migrate

if [ ! -f "$CONTRACT_FILE" ]; then
  # The first two accounts of every anvil are known to everybody and hold its coins: one deploys, the other owns. On a real chain these are yours.
  deployer=$(mktemp)
  echo 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80 > "$deployer"
  zhengben anchor deploy --deployer-key-file "$deployer" --owner 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 > "$CONTRACT_FILE.new"
  rm "$deployer"
  anchorer=$(node --input-type=module -e 'import { Wallet } from "ethers"; import { readFileSync } from "node:fs"; console.log(new Wallet(readFileSync(process.env.ANCHOR_KEY_FILE, "utf8").trim()).address)')
  node -e 'fetch(process.env.EVM_RPC_URL, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "anvil_setBalance", params: [process.argv[1], "0x3635c9adc5dea00000"] }) }).then((answer) => answer.json()).then(({ error }) => { if (error) throw new Error(error.message); })' "$anchorer"
  mv "$CONTRACT_FILE.new" "$CONTRACT_FILE"
fi
cat "$CONTRACT_FILE"
