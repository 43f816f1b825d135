"""The ledger's single writes and reads in DynamoDB, each safe to repeat."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chalicelib.spend.accounts import (
    KIND,
    Account,
    Item,
    Mark,
    Settling,
    Standing,
    account_key,
    from_account,
    from_mark,
    from_settling,
    number,
    numbers,
    request,
    standing_key,
    to_account,
    to_standing,
)
from chalicelib.spend.model import Balance, Budget

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BANNED_FOR_S = 40 * 86_400
"""How long it is remembered that a reservation may not come to be: longer than any call lasts."""
NEVER_S = 4_102_444_800
"""The year 2100, for what stands as long as its budget."""
KEYS_A_READ = 100


class UnknownBudget(Exception):
    """The budget was never given a limit."""


@dataclass(frozen=True)
class LedgerStore:
    """Every amount in micro-dollars. A change tells how the budget stands, and if it happened."""

    client: "DynamoDBClient"
    table: str

    def account(self, budget: str) -> Account | None:
        """Return the budget as it stands; None where there is none in today's form."""
        return _account(self._get(account_key(budget)))

    def accounts(self, first: str, last: str) -> dict[str, Account]:
        """Return by their names the budgets from the first to the last in the alphabet."""
        values: Item = {":pk": {"S": "SPEND"}, ":first": {"S": first}, ":last": {"S": last}}
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues=values,
        )
        found = {item["sk"]["S"]: _account(item) for page in pages for item in page["Items"]}
        return {name: account for name, account in found.items() if account}

    def create(self, budget: Budget) -> bool:
        """Make the budget; False when another has come first.

        An item of the former ledger becomes one of this: all that it had reserved is spent.
        """
        standing = self._create(budget, {}, "attribute_not_exists(pk)", {})
        if standing is None:
            return True
        if "used" not in standing:
            return False
        same = "attribute_not_exists(marks) AND used = :used"
        return self._create(budget, standing, same, {":used": standing["used"]}) is None

    def change_limit(self, budget: Budget, old: int, least_left: int | None = None) -> bool:
        """Raise or lower the limit; False when it is not the old one any more, or less is left."""
        new = old if budget.limit is None else budget.limit
        _, changed = self._account_update(
            budget.name,
            "SET #limit = :new, #left = #left + :more",
            "#limit = :old" + ("" if least_left is None else " AND #left >= :least"),
            {
                ":new": number(new),
                ":more": number(new - old),
                ":old": number(old),
                **({} if least_left is None else {":least": number(least_left)}),
            },
        )
        return changed

    def take(self, budget: Budget, token: str, mark: Mark) -> tuple[Account | None, bool]:
        """Move the mark's amount from what is left to what is reserved, if there is so much."""
        limit = {} if budget.limit is None else {":limit": number(budget.limit)}
        return self._marked(
            budget.name,
            token,
            mark,
            "#left = #left - :n, reserved = reserved + :n",
            "#left >= :n" + (" AND #limit = :limit" if limit else ""),
            {":n": number(mark.micros), **limit},
        )

    def undo(self, budget: str, token: str, amount: int) -> None:
        """Take back a `take` whose mark is there still."""
        self._account_update(
            budget,
            "SET #left = #left + :n, reserved = reserved - :n REMOVE marks.#mark",
            "attribute_exists(marks.#mark)",
            {":n": number(amount)},
            {"#mark": token},
        )

    def give_back(self, budget: str, settling: Settling, mark: Mark) -> tuple[Account | None, bool]:
        """Move what a settling took out of its reservation to what is spent and what is left."""
        values = {
            ":back": number(settling.back),
            ":rest": number(settling.back - settling.spent),
            ":spent": number(settling.spent),
            ":unknown": number(settling.unknown),
            ":dearer": number(settling.dearer),
        }
        change = (
            "reserved = reserved - :back, #left = #left + :rest, spent = spent + :spent,"
            " #unknown = #unknown + :unknown, dearer = dearer + :dearer"
        )
        names: dict[str, str] = {}
        for n, (kind, micros) in enumerate(settling.kinds.items()):
            change += f", #k{n} = if_not_exists(#k{n}, :none) + :k{n}"
            names[f"#k{n}"] = KIND + kind
            values |= {f":k{n}": number(micros), ":none": number(0)}
        condition = "attribute_exists(pk)"
        return self._marked(budget, settling.token, mark, change, condition, values, names)

    def forget(self, budget: str, tokens: Collection[str], seen_ms: int, floor_ms: int) -> None:
        """Remove marks, and let no change happen any more that began before `floor_ms`."""
        names = {f"#m{n}": token for n, token in enumerate(tokens)}
        self._account_update(
            budget,
            f"SET #floor = :floor REMOVE {', '.join(f'marks.{name}' for name in names)}",
            "#floor = :seen",
            {":floor": number(floor_ms), ":seen": number(seen_ms)},
            names,
        )

    def standing(self, home: str, name: str) -> Standing:
        """Return the reservation as it stands, without a token where there is none."""
        return _standing(self._get(standing_key(home, name)), home, name)

    def standings(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Standing]:
        """Return the reservations by home and name, in one read; those left out nobody knows."""
        some = list(keys)[:KEYS_A_READ]
        if not some:
            return {}
        wanted: Any = {"Keys": [standing_key(*key) for key in some], "ConsistentRead": True}
        answer = self.client.batch_get_item(RequestItems={self.table: wanted})
        found = [to_standing(item) for item in answer["Responses"].get(self.table, [])]
        unread = answer.get("UnprocessedKeys", {}).get(self.table, {"Keys": []})["Keys"]
        missed = {(k["pk"]["S"].removeprefix("SPEND#"), k["sk"]["S"]) for k in unread}
        known = {(standing.home, standing.name): standing for standing in found}
        return {key: known.get(key, Standing(key[1], key[0])) for key in some if key not in missed}

    def open(self, home: str) -> Iterator[Standing]:
        """Yield every reservation that stands under the budget."""
        query: dict[str, Any] = {
            "TableName": self.table,
            "KeyConditionExpression": "pk = :pk",
            "ExpressionAttributeValues": {":pk": standing_key(home, "")["pk"]},
            "ConsistentRead": True,
        }
        while True:
            answer = self.client.query(**query)
            found = (to_standing(item) for item in answer["Items"])
            yield from (standing for standing in found if standing.token)
            if "LastEvaluatedKey" not in answer:
                return
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def publish(self, wanted: Standing, until_ms: int) -> Standing:
        """Write the reservation unless the name has one or may not have this; return what stands.

        What stands has the wanted token, another, or none because it was banned.
        """
        found, _ = self._standing_update(
            wanted,
            "SET #token = :token, budgets = :budgets, parts = :parts, made = :made,"
            " #expires = :expires",
            "attribute_not_exists(#token) AND"
            " (attribute_not_exists(undone) OR NOT contains(undone, :token))",
            {
                ":token": {"S": wanted.token},
                ":budgets": {"L": [{"S": budget} for budget in wanted.budgets]},
                ":parts": numbers(wanted.parts),
                ":made": number(wanted.made_ms),
                ":expires": number(until_ms // 1000 or NEVER_S),
            },
        )
        return found

    def ban(self, mark: Mark, token: str, now_ms: int) -> Standing:
        """Forbid the reservation that would have this token unless it stands; return what does."""
        found, _ = self._standing_update(
            Standing(mark.reservation, mark.home),
            "ADD undone :tokens SET #expires = if_not_exists(#expires, :expires)",
            "attribute_not_exists(#token) OR #token <> :token",
            {
                ":tokens": {"SS": [token]},
                ":token": {"S": token},
                ":expires": number(now_ms // 1000 + BANNED_FOR_S),
            },
        )
        return found

    def begin(self, found: Standing, settling: Settling, parts: Collection[str]) -> Standing | None:
        """Take the parts out of the reservation; None when it has changed since it was read."""
        rest = {part: amount for part, amount in found.parts.items() if part not in parts}
        begun, _ = self._standing_update(
            found,
            "SET parts = :rest, settling = :settling",
            "attribute_not_exists(settling) AND #token = :token AND size(parts) = :count",
            {
                ":rest": numbers(rest),
                ":settling": from_settling(settling),
                ":token": {"S": found.token},
                ":count": number(len(found.parts)),
            },
        )
        under_way = begun.settling
        return begun if under_way and under_way.token == settling.token else None

    def begin_again(self, found: Standing, settling: Settling, budget: str, now: int) -> Standing:
        """Let the change of one budget begin now; return the reservation as it stands."""
        standing, _ = self._standing_update(
            found,
            "SET settling.#at.#budget = :now",
            "settling.#token = :token AND settling.#at.#budget = :before",
            {
                ":now": number(now),
                ":before": number(settling.at_ms[budget]),
                ":token": {"S": settling.token},
            },
            {"#budget": budget},
        )
        return standing

    def strike(self, found: Standing) -> None:
        """Strike a settling off its reservation, which goes with its last part."""
        if found.settling is None:
            return
        same: Item = {":token": {"S": found.settling.token}}
        condition = "settling.#token = :token"
        if found.parts:
            self._standing_update(found, "REMOVE settling", condition, same)
        elif not self._delete(found, f"{condition} AND attribute_not_exists(undone)", same):
            self._standing_update(
                found, "REMOVE settling, #token, budgets, parts, made", condition, same
            )

    def _create(
        self, budget: Budget, former: Mapping[str, Any], condition: str, values: Item
    ) -> Mapping[str, Any] | None:
        """Put the budget's first item; the item that stands instead if the condition fails."""
        if budget.limit is None:
            raise UnknownBudget(budget.name)
        used, spent = _amount(former, "used"), _amount(former, "spent")
        balance = Balance(budget.limit, budget.limit - used, 0, used, unknown=used - spent)
        new = Account(balance, floor_ms=0, forgotten_at_s=budget.until_ms // 1000, marks={})
        wanted: dict[str, Any] = {"Item": {**account_key(budget.name), **from_account(new)}}
        if values:
            wanted["ExpressionAttributeValues"] = values
        try:
            self.client.put_item(
                TableName=self.table,
                ConditionExpression=condition,
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **wanted,
            )
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            return _item(refusal)
        return None

    def _marked(
        self,
        budget: str,
        token: str,
        mark: Mark,
        change: str,
        condition: str,
        values: Item,
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[Account | None, bool]:
        """Change the budget and leave the mark; a change whose mark is there has happened."""
        account, happened = self._account_update(
            budget,
            f"SET {change}, marks.#mark = :mark",
            f"{condition} AND attribute_not_exists(marks.#mark) AND #floor <= :at",
            {**values, ":mark": from_mark(mark), ":at": number(mark.at_ms)},
            {"#mark": token, **names},
        )
        return account, happened or (account is not None and token in account.marks)

    def _account_update(
        self,
        budget: str,
        change: str,
        condition: str,
        values: Item,
        names: Mapping[str, str] | None = None,
    ) -> tuple[Account | None, bool]:
        item, happened = self._update(
            request(account_key(budget), change, condition, values, names or {})
        )
        return _account(item), happened

    def _standing_update(
        self,
        standing: Standing,
        change: str,
        condition: str,
        values: Item,
        names: Mapping[str, str] | None = None,
    ) -> tuple[Standing, bool]:
        key = standing_key(standing.home, standing.name)
        item, happened = self._update(request(key, change, condition, values, names or {}))
        return _standing(item, standing.home, standing.name), happened

    def _update(self, wanted: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
        """The item as it is after the update, or as it is without it."""
        try:
            answer = self.client.update_item(TableName=self.table, **wanted)
        except self.client.exceptions.ConditionalCheckFailedException as refusal:
            return _item(refusal), False
        return answer["Attributes"], True

    def _delete(self, standing: Standing, condition: str, values: Item) -> bool:
        wanted = request(standing_key(standing.home, standing.name), "", condition, values)
        for unused in ("UpdateExpression", "ReturnValues"):
            del wanted[unused]
        try:
            self.client.delete_item(TableName=self.table, **wanted)
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _get(self, key: Item) -> Mapping[str, Any]:
        answer = self.client.get_item(TableName=self.table, Key=key, ConsistentRead=True)
        return answer.get("Item", {})


def _account(item: Mapping[str, Any]) -> Account | None:
    return to_account(item) if "marks" in item else None


def _standing(item: Mapping[str, Any], home: str, name: str) -> Standing:
    return to_standing(item) if item else Standing(name, home)


def _amount(item: Mapping[str, Any], name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _item(refusal: Exception) -> Mapping[str, Any]:
    response: Mapping[str, Any] = getattr(refusal, "response", {})
    item: Mapping[str, Any] = response.get("Item", {})
    return item
