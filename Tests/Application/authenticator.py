"""An authenticator by python3-fido2 and python3-cryptography, which share no code with this project.

Usage: authenticator.py ORIGIN FOLDER < options, of create-passkey-options or create-passkey-challenge
It answers with three credentials, ES256, EdDSA and RS256: a list of what `PublicKeyCredential.toJSON()` would give. The keys are
kept in the folder. The options are a list of three.
"""

import json
import os
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from fido2.client import ClientData
from fido2.cose import ES256, RS256, EdDSA
from fido2.ctap2 import AttestationObject, AttestedCredentialData, AuthenticatorData
from fido2.utils import sha256, websafe_decode, websafe_encode

SHA256 = hashes.SHA256()
KINDS = [
    (ES256, lambda: ec.generate_private_key(ec.SECP256R1()), lambda key, text: key.sign(text, ec.ECDSA(SHA256))),
    (EdDSA, ed25519.Ed25519PrivateKey.generate, lambda key, text: key.sign(text)),
    (RS256, lambda: rsa.generate_private_key(65537, 2048), lambda key, text: key.sign(text, padding.PKCS1v15(), SHA256)),
]


def reply(name, client, **fields):
    fields = {field: websafe_encode(value) for field, value in fields.items()}
    return {
        "id": websafe_encode(name), "rawId": websafe_encode(name), "type": "public-key",
        "response": {"clientDataJSON": websafe_encode(client), **fields},
    }


def answer(kind, options, origin, folder):
    algorithm, generate, sign = kind
    name = algorithm.__name__.encode()
    path, handle = os.path.join(folder, f"{algorithm.__name__}.pem"), os.path.join(folder, f"{algorithm.__name__}.handle")
    if "user" in options:
        key = generate()
        with open(path, "wb") as file:
            file.write(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        with open(handle, "wb") as file:
            file.write(websafe_decode(options["user"]["id"]))
        client = ClientData.build(
            type="webauthn.create", challenge=options["challenge"], origin=origin, crossOrigin=False)
        credential = AttestedCredentialData.create(b"\0" * 16, name, algorithm.from_cryptography_key(key.public_key()))
        data = AuthenticatorData.create(sha256(options["rp"]["id"].encode()), 0x5D, 0, credential)
        return reply(name, client, attestationObject=AttestationObject.create("none", data, {}).with_string_keys())
    with open(path, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    with open(handle, "rb") as file:
        user = file.read()
    client = ClientData.build(type="webauthn.get", challenge=options["challenge"], origin=origin, crossOrigin=False)
    data = AuthenticatorData.create(sha256(options["rpId"].encode()), 0x1D, 0)
    return reply(
        name, client, authenticatorData=data, signature=sign(key, bytes(data) + client.hash), userHandle=user)


print(json.dumps([
    answer(kind, options, sys.argv[1], sys.argv[2]) for kind, options in zip(KINDS, json.load(sys.stdin))
]))
