from __future__ import annotations

import copy
import json
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.config import Model, Scope, Secret
from schemas.errors import Refused


class Login(Model):
    password: Secret
    token: Secret | None = None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("hunter2\n")
    return path


def read(data: dict[str, object], *, folder: Path, environ: dict[str, str] | None = None) -> Login:
    return Login.model_validate(data, context=Scope(folder=folder, environ=environ or {}))


def test_a_file_gives_its_text_without_the_newline_at_the_end(file: Path) -> None:
    assert "hunter2" == Secret.from_file(file).reveal()


def test_a_file_is_read_again_at_each_use(file: Path) -> None:
    secret = Secret.from_file(file)
    secret.reveal()
    file.write_text("rotated\r\n")
    assert "rotated" == secret.reveal()


def test_a_variable_gives_its_value() -> None:
    assert "hunter2" == Secret.from_env("PASSWORD", {"PASSWORD": "hunter2"}).reveal()


def test_a_model_takes_the_file_spelling_relative_to_its_folder(file: Path) -> None:
    assert "hunter2" == read({"password_file": "secret"}, folder=file.parent).password.reveal()


def test_a_model_takes_the_variable_spelling(tmp_path: Path) -> None:
    login = read({"password": "${VC1_PASSWORD}"}, folder=tmp_path, environ={"VC1_PASSWORD": "hunter2"})
    assert "hunter2" == login.password.reveal()


def test_a_model_takes_a_secret_and_none() -> None:
    secret = Secret.from_env("A", {})
    assert secret == Login(password=secret, token=None).password


def test_its_text_forms_hide_the_value(file: Path) -> None:
    login = read({"password_file": str(file)}, folder=file.parent)
    secret = login.password
    forms = [repr(secret), str(secret), f"{secret}", repr(login), str(login), str(login.model_dump()), repr([secret])]
    forms += [login.model_dump_json(), json.dumps(login.model_dump(mode="json")), json.dumps(Login.model_json_schema())]
    assert all("hunter2" not in form for form in forms)
    assert "**********" == str(secret)


def test_a_copy_of_a_model_shares_its_secrets() -> None:
    login = Login(password=Secret.from_env("A", os.environ))
    assert login.password is copy.deepcopy(login).password
    assert {login.password} == {Secret.from_env("A", os.environ)}


def test_a_secret_differs_from_its_value(file: Path) -> None:
    assert Secret.from_file(file) != "hunter2"


@pytest.mark.parametrize("literal", ["hunter2", "$PASSWORD", "${hunter2", "x${A}", "${A}${B}", "", 123_456])
def test_a_literal_is_refused_without_being_quoted(literal: object, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="is written in clear") as caught:
        read({"password": literal}, folder=tmp_path)
    assert str(literal) not in str(caught.value) or not literal


@pytest.mark.parametrize(
    "data", [{"password": "hunter2"}, {"password_file": "/tmp/hunter2"}, {"password": ["hunter2"]}]
)
def test_an_error_of_pydantic_does_not_quote_its_input(data: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ValidationError) as caught:
        read(data, folder=tmp_path)
    assert "hunter2" not in f"{caught.value} {caught.value!r}"


def test_both_spellings_at_once_are_refused(file: Path) -> None:
    with pytest.raises(ValidationError, match="is given twice"):
        read({"password_file": "secret", "password": "${A}"}, folder=file.parent, environ={"A": "x"})


def test_a_secret_that_vanished_is_refused_with_its_place(file: Path) -> None:
    secret = Secret.from_file(file)
    file.unlink()
    with pytest.raises(Refused, match=f"secret in {file}: names a file that does not exist"):
        secret.reveal()


def test_a_variable_that_vanished_is_refused_with_its_name() -> None:
    with pytest.raises(Refused, match="environment variable PASSWORD is not set"):
        Secret.from_env("PASSWORD", {}).reveal()


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"\n", "is empty"), (b"x" * 70_000, "of more than 65536 bytes"), (b"\xff\xfe", "is not UTF-8 text")],
)
def test_a_file_that_holds_no_secret_is_refused(content: bytes, what: str, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(Refused, match=what):
        Secret.from_file(file).reveal()


def test_a_folder_is_no_secret(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: is a directory"):
        Secret.from_file(tmp_path).reveal()


def test_the_schema_offers_both_spellings_of_a_required_secret() -> None:
    schema = Login.model_json_schema()
    assert {"password", "password_file", "token", "token_file"} == set(schema["properties"])
    assert [{"oneOf": [{"required": ["password"]}, {"required": ["password_file"]}]}] == schema["allOf"]


def test_a_secret_written_again_is_another_version_whatever_it_says(file: Path) -> None:
    secret = Secret.from_file(file)
    before = secret.version()
    os.utime(file, ns=(1, 2))
    assert (str(file), 2) == secret.version() != before


@pytest.mark.parametrize("secret", [Secret.from_env("A", {"A": "x"}), Secret.from_file(Path("nowhere"))])
def test_what_cannot_tell_when_it_was_written_has_one_version(secret: Secret) -> None:
    assert 0 == secret.version()[1]
