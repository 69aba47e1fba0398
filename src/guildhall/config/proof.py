"""A backup proves at once that it can be read: it is, whole, into a database that is thrown away afterwards."""

import contextlib
import fcntl
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from guildhall.config.archive import Manifest, compare, hash_stored_files, make_roles, read_database_in
from guildhall.config.installation import Installation
from guildhall.config.postgres import Cluster

PROVING = "guildhall_proving"
SERVER, LOCK = "proving", "proving.lock"


def prove_archive(installation: Installation, source: Path, manifest: Manifest) -> None:
    """Read the archive back, and compare every table and file with what it promises.

    :raises Problem: it cannot be read, or holds something else.
    """
    with zipfile.ZipFile(source) as archive, _one_proof_at_a_time(installation.data):
        compare("stored files", manifest.files, hash_stored_files(archive))
        with _scratch_database(installation, manifest) as address:
            read_database_in(archive, address, manifest)


@contextlib.contextmanager
def _one_proof_at_a_time(data: Path) -> Iterator[None]:
    with open(data / LOCK, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _scratch_database(installation: Installation, manifest: Manifest) -> Iterator[str]:
    """Give the address of an empty database where we may do everything: in our own server, or in one made for it.

    A server that somebody else runs is asked for nothing but what it holds.
    """
    if installation.cluster is None:
        with _server_for_the_moment(installation.data / SERVER) as server:
            address = server.start().superuser
            make_roles(address, manifest.roles)
            yield address
        return
    installation.cluster.drop_database(PROVING)
    installation.cluster.create_database(PROVING)
    try:
        yield installation.cluster.logins_for(PROVING).superuser
    finally:
        installation.cluster.drop_database(PROVING)


@contextlib.contextmanager
def _server_for_the_moment(home: Path) -> Iterator[Cluster]:
    server = Cluster(home, durable=False)
    _remove(server)  # what a proof that was killed may have left
    try:
        yield server
    finally:
        _remove(server)


def _remove(server: Cluster) -> None:
    if server.is_running():
        server.start()  # so that it is ours to stop
    server.stop()
    for folder in {server.home, server.sockets}:
        shutil.rmtree(folder, ignore_errors=True)
