"""A shop with an order, cases about it that are decided, and a worker that runs remedies."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.cases import files, filing, rulings, service
from bixie.cases import repository as cases
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.opening import open_case, state_of
from bixie.cases.reviews.locks import claim
from bixie.cases.words import OutcomeKind, Service, Side
from bixie.jobs import repository as jobs
from bixie.jobs.attempts import run_job
from bixie.jobs.job_types import by_name
from bixie.jobs.service import retry
from bixie.kit.money import Money
from bixie.orders import repository as orders
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.remedies import repository
from bixie.remedies.gateway import GatewayAnswer
from bixie.remedies.jobs import job_types

NUMBER = "6912345678901234567"
REFUSAL = Outcome(kind=OutcomeKind.REFUSE)
_CUP = Item(position=0, count=1)


def refund(minor):
    """The outcome of a refund, in fen."""
    return Outcome(kind=OutcomeKind.REFUND, amount_minor=minor, currency="CNY", items=(_CUP,))


class SetClock:
    """Says what it was told to."""

    def __init__(self):
        self.now = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_(self, **duration):
        self.now += timedelta(**duration)


class RecordingGateway:
    """Remembers what was sent; answers, or raises, what a test put into `answers`."""

    name = "recorder"

    def __init__(self):
        self.sent = []
        self.answers = []

    def send(self, order, _moment):
        self.sent.append(order)
        answer = self.answers.pop(0) if self.answers else GatewayAnswer()
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Shop:
    """A merchant with orders: one that runs Bixie itself, or a party of a platform."""

    def __init__(self, store, clock, gateway, tenant="tenant_shop", party="", buyer=""):
        self.store, self.clock, self.gateway = store, clock, gateway
        self.tenant, self.party, self.buyer = tenant, party, buyer
        self.principal = Principal(tenant, "program_test", Role.PROGRAM)
        self.told = []
        self.claims = 0

    def writing(self, principal=None):
        return writing(self.store, principal or self.principal)

    def filed(self, service_=Service.REFUND_ONLY, minor=1999):
        """File a claim the first four about the order `NUMBER`; return the id of its case."""
        number = f"{NUMBER}{self.claims // 4 or ''}"  # an item has five claims at most
        self.claims += 1
        items = [{"sku": "CUP-1", "quantity": 9, "price": "19.99"}]
        given = OrderIn.model_validate({"number": number, "items": items})
        claim = filing.GivenClaim([_CUP], service_, "damaged", True, Money(minor=minor))
        with self.writing() as session:
            import_orders(session, [given], self.clock, party=self.party)
            order = orders.by_number(session, self.party, number)
            return filing.file_claim(session, order, self.buyer, claim, self.clock).row.id

    def decided(self, service_=Service.REFUND_ONLY):
        """File a claim that the shop accepts; return the ids of case and decision."""
        case = self.filed(service_)
        with self.writing() as session:
            done = service.accept(session, case, Side.MERCHANT, clock=self.clock)
            return case, done.state.decision.id

    def ruled(self, kind=OutcomeKind.REFUND):
        """File a claim that a reviewer decides for the buyer; return the ids of case and decision."""
        case = self.filed()
        with self.writing() as session:
            service.reject(session, case, Side.MERCHANT, reason="buyer_damage", clock=self.clock)
            service.escalate(session, case, Side.BUYER, clock=self.clock)
            self._heard(session, case, Side.BUYER, Side.MERCHANT)
        outcome = Outcome(kind=kind, items=(_CUP,))
        if kind in (OutcomeKind.REFUND, OutcomeKind.RETURN_REFUND):
            outcome = refund(1999).model_copy(update={"kind": kind})
        with self.writing(self._reviewer("person_first")) as session:
            claim(open_case(session, case, self.clock))
            done = rulings.decide(session, case, outcome, ["damage_shown"], clock=self.clock)
            return case, done.state.decision.id

    def appeal(self, case):
        """Let the merchant appeal, and the buyer answer that."""
        with self.writing() as session:
            service.appeal(session, case, Side.MERCHANT, reason="new_evidence", clock=self.clock)
            self._heard(session, case, Side.BUYER)

    def decide_appeal(self, case, outcome):
        """Let another reviewer decide an appeal; without an outcome the decision stands."""
        with self.writing(self._reviewer("person_second")) as session:
            claim(open_case(session, case, self.clock))
            reason = "evidence_insufficient" if outcome == REFUSAL else "damage_shown"
            rulings.decide_appeal(session, case, outcome, [reason], clock=self.clock)

    def overturn(self, case, outcome=REFUSAL):
        """Let the merchant appeal, and another reviewer decide otherwise."""
        self.appeal(case)
        self.decide_appeal(case, outcome)

    def returned(self, case):
        """Let the buyer send the goods back, and the shop find them as they should be."""
        with self.writing() as session:
            service.send_return(session, case, clock=self.clock)
            service.receive_return(session, case, "pass", clock=self.clock)

    def retry(self, job_id):
        """Retry a job that was given up, as a person does."""
        with self.store.writing(Session) as session:
            retry(session, job_id, clock=self.clock)

    def _reviewer(self, person):
        return Principal(self.tenant, person, Role.REVIEWER)

    def _heard(self, session, case, *sides):
        for side in sides:
            service.supplement(session, case, side, complete=True, clock=self.clock)
        for side in (Side.BUYER, Side.MERCHANT):
            files.open_file(open_case(session, case, self.clock), side)

    def state(self, case):
        """The state of a case."""
        with reading(self.store, self.principal) as session:
            return state_of(session, cases.by_id(session, case))

    def remedies(self, case=None):
        with reading(self.store, self.principal) as session:
            return list(repository.page(session, None, 1000, case_id=case))

    def remedy(self, case):
        (found,) = self.remedies(case)
        return found

    def types(self):
        return by_name(
            job_types(self.store, self.gateway, lambda _, one: self.told.append(one.id), self.clock)
        )

    def claim(self):
        """Take the next due job that sends a remedy, as a worker does."""
        with self.store.writing(Session) as session:
            due = jobs.due(session, ("remedy", "remedy_reversal"), self.clock(), 1, tenant=self.tenant)
            jobs.claim(session, due, self.clock())
        return due[0] if due else None

    def attempt(self, job, types=None):
        run_job(self.store, types or self.types(), job.id, job.run, clock=self.clock, jitter=lambda: 1.0)

    def work(self, types=None):
        """Do the jobs that are due; return how many attempts that took."""
        attempts = 0
        while job := self.claim():
            attempts += 1
            self.attempt(job, types)
        return attempts
