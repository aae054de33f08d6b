"""Which addresses may be connected to."""

import ipaddress
import socket

from zhiren.mailbox.channels import Unavailable


def address_of(host: str, port: int, *, plain: bool) -> str:
    """Return what to connect to: the name, whose certificate is checked; with `plain`, an address of this machine.

    Addresses that no server of the kind has (link-local, where clouds keep their secrets; multicast) are refused.

    Raises:
        Unavailable: the address is refused, or a secret would cross a network in the clear.
        OSError: the name is not known.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if any(one.is_link_local or one.is_multicast or one.is_unspecified for one in addresses):
        raise Unavailable("host_not_allowed", lasting=True)
    if not plain:
        return host
    if not all(one.is_loopback for one in addresses):
        raise Unavailable("no_encryption", lasting=True)
    return str(addresses[0])
