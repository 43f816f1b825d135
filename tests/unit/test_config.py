"""The settings: every one of them read, every wrong one named, no key ever shown."""

import json
from dataclasses import replace
from ipaddress import ip_network

import pytest

from chalicelib.config import (
    PROVIDER_IDS,
    AccountSettings,
    BatchSettings,
    PictureSettings,
    Secret,
    SettingsError,
    StorageSettings,
    load,
)
from chalicelib.config.batches import UploadEndpoint
from chalicelib.config.limits import LimitSettings
from chalicelib.config.network import NetworkSettings

CANARY = "sk-canary-1234567890"
ONE = {"MODEL_COUNT": "1", "MODEL_1_NAME": "GPT Image", "MODEL_1_KEY": CANARY}
NO_NUMBERS = (
    "nan", "inf", "1e9", "1e3", "-1", "+5", "0x10", "1_000", "٣", "²", "５", "1,5", "1 000",
)  # fmt: skip


def problem(**environ: str) -> str:
    """The sentence that a wrong setting ends with."""
    with pytest.raises(SettingsError) as caught:
        load({**ONE, **environ})
    sentence = str(caught.value)
    assert CANARY not in sentence
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_an_empty_environment_is_fine() -> None:
    settings = load({})
    assert settings.models.slots == ()
    assert settings.models.prompt_model_index is None


EVERYTHING = {
    **ONE,
    "MODEL_1_PROVIDER": "openai",
    "MODEL_1_ID": "gpt-image-2",
    "MODEL_1_BASE_URL": "https://gateway.example:8443/v1/",
    "MODEL_1_TIMEOUT": "90.5",
    "MODEL_1_SIZE": "1024x768",
    "MODEL_1_QUALITY": "high",
    "MODEL_1_PRICE_USD": "0.125",
    "PROMPT_MODEL_INDEX": "1",
    "PROMPT_MODEL_ID": "gpt-5-mini",
    "GLOBAL_LIMIT": "20",
    "IP_LIMIT": "3",
    "IP_INCLUDE": "203.0.113.7, 2001:db8::/32",
    "DAILY_SPEND_LIMIT_USD": "12.5",
    "PERM_NEGATIVE_PROMPT": "blurry",
    "AWS_ID": "AKIA",
    "AWS_SECRET": CANARY,
    "S3_BUCKET": "bucket",
    "CLOUDFRONT_DOMAIN": "d1.cloudfront.net",
    "ORIGIN_SECRET": CANARY,
    "ALLOWED_ORIGINS": "https://A.example/, http://localhost:8000",
    "MODERATION": "llm",
    "TABLE_NAME": "table",
    "WORKER_FUNCTION": "worker",
    "PREVIEWS_FUNCTION": "previews",
    "SEED_DATA_FUNCTION": "check",
    "EXPORTS_FUNCTION": "write",
    "UPLOAD_ENDPOINT": f"http://id:{CANARY}@localhost:8000/local/uploads",
    "WS_PUSH_ENDPOINT": "https://x.example/api",
    "WS_URL": "wss://x.example/ws",
    "SIMULATED": "true",
    "STAGE": "prod",
    "RETENTION_DAYS": "7",
    "AUTH": "cognito",
    "USER_POOL_ID": "eu-central-1_AbC",
    "USER_POOL_CLIENT_ID": "client",
    "SIGN_IN_ENDPOINT": "http://localhost:8000/sign-in",
    "SIGN_UP": "open",
    "MFA": "optional",
    "USER_DAILY_LIMIT": "9",
    "USER_DAILY_SPEND_USD": "1.5",
    "ALLOW_DELETE": "1",
    "BATCHES": "1",
    "MAX_RUNNING_BATCHES": "7",
    "BATCH_QUEUE_URL": "https://sqs.example/rows",
    "IMAGE_URL_SECONDS": "60",
    "IMAGE_SIGNING_KEY": CANARY,
}


def test_every_setting_of_a_slot_is_read() -> None:
    [slot] = load(EVERYTHING).models.slots
    assert (slot.index, slot.name, slot.key.reveal()) == (1, "GPT Image", CANARY)
    assert (slot.provider, slot.model_id, slot.timeout) == ("openai", "gpt-image-2", 90.5)
    assert slot.base_url == "https://gateway.example:8443/v1"
    assert (slot.size, slot.quality, slot.price_usd) == ("1024x768", "high", 0.125)


def test_every_setting_of_the_installation_is_read() -> None:
    settings = load(EVERYTHING)
    assert settings.models == replace(
        settings.models,
        prompt_model_index=1,
        prompt_model_id="gpt-5-mini",
        perm_negative_prompt="blurry",
        aws_id="AKIA",
        aws_secret=Secret(CANARY),
        simulated=True,
    )
    assert settings.limits == LimitSettings(
        global_limit=20,
        ip_limit=3,
        ip_include=(ip_network("203.0.113.7"), ip_network("2001:db8::/32")),
        daily_spend_limit=12.5,
    )
    assert settings.network == NetworkSettings(
        cloudfront_domain="d1.cloudfront.net",
        origin_secret=Secret(CANARY),
        allowed_origins=("https://a.example", "http://localhost:8000"),
        ws_push_endpoint="https://x.example/api",
        ws_url="wss://x.example/ws",
    )
    assert settings.storage == StorageSettings("table", "bucket", retention_days=7)
    functions = (settings.worker_function, settings.previews_function)
    told = (settings.moderation, functions, settings.stage)
    assert told == ("llm", ("worker", "previews"), "prod")


ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC"


def test_every_setting_of_accounts_is_read() -> None:
    settings = load(EVERYTHING)
    assert settings.accounts == AccountSettings(
        auth="cognito",
        user_pool_id="eu-central-1_AbC",
        client_id="client",
        issuer=ISSUER,
        keys_url=f"{ISSUER}/.well-known/jwks.json",
        endpoint="http://localhost:8000/sign-in",
        sign_up="open",
        mfa="optional",
        user_daily_limit=9,
        user_daily_spend=1.5,
        allow_delete=True,
    )
    assert settings.accounts.region == "eu-central-1"
    assert settings.pictures == PictureSettings(60, Secret(CANARY))
    endpoint = UploadEndpoint("http://localhost:8000/local/uploads", "id", Secret(CANARY))
    queue = "https://sqs.example/rows"
    assert settings.batches == BatchSettings(True, "check", "write", endpoint, 7, queue)
    assert load({"USER_DAILY_LIMIT": "off"}).accounts.user_daily_limit is None


def test_an_emulators_tokens_and_keys_have_addresses_of_their_own() -> None:
    local = {"TOKEN_ISSUER": "https://issuer.example", "TOKEN_KEYS_URL": "http://127.0.0.1:9/keys"}
    accounts = load({**EVERYTHING, **local}).accounts
    assert (accounts.issuer, accounts.keys_url) == tuple(local.values())


def test_keys_are_never_shown() -> None:
    settings = load(EVERYTHING)
    for shown in (
        repr(settings),
        str(settings),
        f"{settings.models.slots[0].key}",
        f"{settings!r}",
    ):
        assert CANARY not in shown
    with pytest.raises(TypeError):
        json.dumps(settings.models.slots[0].key)  # type: ignore[arg-type,unused-ignore]


def test_white_space_around_a_value_does_not_count() -> None:
    settings = load({k: f"  {v}\n" for k, v in ONE.items()})
    assert settings.models.slots[0].key.reveal() == CANARY


def test_slots_are_numbered_from_one_and_what_is_beyond_the_count_is_left_alone() -> None:
    more = {"MODEL_COUNT": "2", "MODEL_2_NAME": "b", "MODEL_2_KEY": "N/A", "MODEL_3_NAME": "c"}
    assert [(s.index, s.name) for s in load({**ONE, **more}).models.slots] == [
        (1, "GPT Image"),
        (2, "b"),
    ]


def test_twenty_slots_are_the_most() -> None:
    twenty = {f"MODEL_{i}_{f}": "x" for i in range(1, 22) for f in ("NAME", "KEY")}
    assert len(load({**twenty, "MODEL_COUNT": "20"}).models.slots) == 20
    with pytest.raises(SettingsError, match=r"MODEL_COUNT is '21'; .* from 1 to 20"):
        load({**twenty, "MODEL_COUNT": "21"})


def test_a_model_without_a_count_is_a_mistake_and_not_ignored() -> None:
    with pytest.raises(SettingsError, match="MODEL_COUNT is empty although MODEL_1_NAME is set"):
        load({"MODEL_1_NAME": "a", "MODEL_1_KEY": "k"})


@pytest.mark.parametrize(
    "name",
    ["MODEL_COUNT", "GLOBAL_LIMIT", "IP_LIMIT", "RETENTION_DAYS", "PROMPT_MODEL_INDEX"],
)
@pytest.mark.parametrize("value", [*NO_NUMBERS, "1.5", "0", "1" * 12, "many"])
def test_whole_numbers_are_plain_digits_in_range(name: str, value: str) -> None:
    sentence = problem(**{name: value})
    assert sentence.startswith(f"{name} is {value!r}; it must be a whole number from 1 to ")


@pytest.mark.parametrize("name", ["MODEL_1_TIMEOUT", "DAILY_SPEND_LIMIT_USD"])
@pytest.mark.parametrize("value", [*NO_NUMBERS, "0", "1.", ".5", "9" * 10])
def test_numbers_are_plain_decimals_in_range(name: str, value: str) -> None:
    assert problem(**{name: value}).startswith(f"{name} is {value!r}; it must be a number from ")


@pytest.mark.parametrize("value", ["1", "1.5", "800", "120.125"])
def test_a_timeout_is_taken_in_seconds(value: str) -> None:
    assert load({**ONE, "MODEL_1_TIMEOUT": value}).models.slots[0].timeout == float(value)


@pytest.mark.parametrize("value", ["auto", "none", "512x2048"])
def test_a_size_is_a_word_or_width_by_height(value: str) -> None:
    assert load({**ONE, "MODEL_1_SIZE": value}).models.slots[0].size == value


@pytest.mark.parametrize("value", ["big", "0x0", "1024", "1024X768", "1024x", "x", "١x١"])
def test_another_size_is_a_mistake(value: str) -> None:
    assert problem(MODEL_1_SIZE=value).startswith(f"MODEL_1_SIZE is {value!r}; it must be auto, ")


@pytest.mark.parametrize("value", ["very high", "HIGH!", "x" * 21])
def test_a_quality_is_one_word(value: str) -> None:
    assert problem(MODEL_1_QUALITY=value).startswith(f"MODEL_1_QUALITY is {value!r}; it must be ")


def test_a_price_of_ones_own_may_be_nothing() -> None:
    assert load({**ONE, "MODEL_1_PRICE_USD": "0"}).models.slots[0].price_usd == 0
    assert load(ONE).models.slots[0].price_usd is None
    assert "from 0 to 100" in problem(MODEL_1_PRICE_USD="101")


def test_the_address_limit_can_be_off() -> None:
    assert load({"IP_LIMIT": "off"}).limits.ip_limit is None
    assert load({}).limits.ip_limit == 50


def test_the_prompt_model_is_one_of_the_slots() -> None:
    assert load(ONE).models.prompt_model_index == 1
    assert "from 1 to 1" in problem(PROMPT_MODEL_INDEX="2")


@pytest.mark.parametrize("name", ["MODERATION", "SIMULATED", "MODEL_1_PROVIDER"])
@pytest.mark.parametrize("value", ["yes", "KEYWORDS", "dall-e"])
def test_a_wrong_choice_is_answered_with_the_choices(name: str, value: str) -> None:
    sentence = problem(**{name: value})
    assert sentence.startswith(f"{name} is {value!r}; it may be ")
    assert "keywords" in sentence or "true" in sentence or PROVIDER_IDS[0] in sentence


@pytest.mark.parametrize("name", ["MODEL_1_NAME", "MODEL_1_KEY"])
def test_a_slot_needs_a_name_and_a_key(name: str) -> None:
    assert problem(**{name: "  "}).startswith(f"{name} is empty; ")


@pytest.mark.parametrize("name", ["MODEL_1_TIMOUT", "MODEL_1_API_KEY", "MODEL_3_NAM"])
def test_a_misspelt_setting_of_a_model_is_named_and_not_shown(name: str) -> None:
    assert problem(**{name: CANARY}).startswith(f"{name} is no setting; those of a model are ")
    assert load({**ONE, name: " "}) == load(ONE)


def test_settings_of_models_beyond_the_count_wait_to_be_counted() -> None:
    assert load({**ONE, "MODEL_2_NAME": "Recraft", "MODEL_2_TIMEOUT": "60"}) == load(ONE)


def test_a_name_and_a_negative_prompt_have_a_longest_length() -> None:
    assert problem(MODEL_1_NAME="n" * 101) == "MODEL_1_NAME holds 101 characters; it may hold 100."
    assert problem(PERM_NEGATIVE_PROMPT="n" * 1001).startswith("PERM_NEGATIVE_PROMPT holds 1001")


@pytest.mark.parametrize("key", ["ssm:/studio/key", "secret:NAME", "secret:arn:aws:x#openai"])
def test_a_key_may_be_a_reference(key: str) -> None:
    assert load({**ONE, "MODEL_1_KEY": key}).models.slots[0].key.is_reference


@pytest.mark.parametrize("key", ["N/A", CANARY, "sssm:/x", "my-secret:x"])
def test_other_keys_are_keys(key: str) -> None:
    assert not load({**ONE, "MODEL_1_KEY": key}).models.slots[0].key.is_reference


@pytest.mark.parametrize(
    "key", ["ssm:", "ssm:/", "ssm:studio/key", "secret:", "secret:#key", f"“{CANARY}”", "a\nb"]
)
def test_a_key_that_can_be_none_is_named_and_not_shown(key: str) -> None:
    sentence = problem(MODEL_1_KEY=key)
    assert sentence.startswith("MODEL_1_KEY is neither a key nor a reference; it must hold ")
    assert "“" not in sentence


BROKEN_ADDRESSES = [
    "gateway.example", "//gateway.example", "ftp://gateway.example", "https:///", "http:///v1",
    "https://u:p@gateway.example", "https://:p@gateway.example", "https://@gateway.example",
    "https://gateway.example?key=x", "https://gateway.example/#x", "https://gate way.example",
    "https://gateway.example\\v1", "http://[", "http://[::1", "https://gateway.example:99999",
    "https://gateway.example:port", "https://gateway.example:0", "javascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("name", ["MODEL_1_BASE_URL", "WS_PUSH_ENDPOINT", "WS_URL"])
@pytest.mark.parametrize("value", BROKEN_ADDRESSES)
def test_an_address_must_be_one_that_can_be_called(name: str, value: str) -> None:
    sentence = problem(**{name: value})
    assert sentence.startswith(f"{name} is no address that can be called; it must begin with ")
    assert value not in sentence


@pytest.mark.parametrize(
    "value",
    [
        "http://127.0.0.1:8080/v1",
        "http://[::1]:9",
        "https://x.example/a/b%20c",
        "https://ü.example",
    ],
)
def test_addresses_of_every_form_are_taken(value: str) -> None:
    assert load({**ONE, "MODEL_1_BASE_URL": value}).models.slots[0].base_url == value


@pytest.mark.parametrize("value", ["https://x.example", "http://x.example/ws", "x.example"])
def test_the_socket_address_is_a_socket_address(value: str) -> None:
    assert "ws:// or wss://" in problem(WS_URL=value)


@pytest.mark.parametrize(
    "value", ["https://d1.cloudfront.net", "d1.cloudfront.net/", "a b", "a..b"]
)
def test_the_cdn_is_a_domain_alone(value: str) -> None:
    assert problem(CLOUDFRONT_DOMAIN=value).startswith(f"CLOUDFRONT_DOMAIN is {value!r}; ")


def test_the_cdn_is_the_allowed_origin_unless_others_are_named() -> None:
    cdn = {"CLOUDFRONT_DOMAIN": "d1.cloudfront.net"}
    assert load(cdn).network.allowed_origins == ("https://d1.cloudfront.net",)
    named = load({**cdn, "ALLOWED_ORIGINS": " https://a.example ,, http://[::1]:8000/"})
    assert named.network.allowed_origins == ("https://a.example", "http://[::1]:8000")


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "null",
        "a.example",
        "https://a.example/path",
        "https://*.a.example",
        "https://a b",
        "ws://a",
    ],
)
def test_an_origin_is_a_scheme_and_a_host(value: str) -> None:
    sentence = problem(ALLOWED_ORIGINS=f"https://fine.example,{value}")
    assert sentence.startswith(f"ALLOWED_ORIGINS holds {value!r}; ")


@pytest.mark.parametrize("value", ["localhost", "10.0.0.0/33", "10.0.0", "::g", "10.0.0.1-9"])
def test_who_is_not_limited_is_an_address_or_a_network(value: str) -> None:
    sentence = problem(IP_INCLUDE=f"10.0.0.1, {value}")
    assert sentence.startswith("IP_INCLUDE holds something that is no address: ")
    assert value in sentence


def test_a_network_may_be_written_from_one_of_its_addresses() -> None:
    assert load({"IP_INCLUDE": "10.1.2.3/8,"}).limits.ip_include == (ip_network("10.0.0.0/8"),)


@pytest.mark.parametrize(("given", "missing"), [("AWS_ID", "AWS_SECRET"), ("AWS_SECRET", "AWS_ID")])
def test_aws_credentials_come_in_pairs(given: str, missing: str) -> None:
    assert problem(**{given: CANARY}).startswith(f"{missing} is empty; ")


def test_secrets_compare_by_value_and_have_no_text() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert str(Secret(CANARY)) == "Secret(…)"


@pytest.mark.parametrize("value", ["http://localhost:8000/x", "id:secret@host", "ftp://a:b@host"])
def test_an_upload_endpoint_needs_credentials_that_are_not_shown(value: str) -> None:
    sentence = problem(UPLOAD_ENDPOINT=value)
    assert sentence.startswith("UPLOAD_ENDPOINT must be an address with the credentials")
    assert value not in sentence
