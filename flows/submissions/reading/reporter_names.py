"""How offices write who they are (单位名称): 通辽市开鲁县, 开鲁县人社局, 开鲁县就业服务中心（盖章） are all 开鲁县."""

import re
from collections.abc import Iterator

from flows.plan.catalogue import Catalogue, Reporter, normalize_name
from flows.submissions.reading.vocabulary import without_marks

_SEAL = re.compile(r"[(（]?(?:单位)?(?:盖章|公章|签章|印章|章)[)）]?$")
_PROVINCE = re.compile(r"^内蒙古(?:自治区)?")
_OFFICE = re.compile(
    r"(?:县|旗|市|区)?(?:人力资源和?社会保障|人社|人事劳动|公共|劳动|创业|就业|人才|服务|促进|和|与|创新|社会保险)*"
    r"(?:局|中心|厅|股|科|办公室|办|所|站)$|(?:人民)?政府(?:办公室)?$|管委会$|管理委员会$"
)


def named_reporter(text: str, catalogue: Catalogue) -> Reporter | None:
    """The reporter that a text names and nothing else; None if unknown."""
    return next(
        (found for name in _shorter(text, catalogue) if (found := catalogue.reporter_named(name))), None
    )


def _shorter(text: str, catalogue: Catalogue) -> Iterator[str]:
    """The name as written, then without seal, city and province, then without its bureau."""
    whole = normalize_name(text)
    yield whole
    name = _SEAL.sub("", without_marks(whole))
    yield name
    city = catalogue.plan.city
    here = _PROVINCE.sub("", name)
    for start in (city, city.removesuffix("市")):
        local = here.removeprefix(start)
        yield local
        for end in ("县", "旗", "市", "区", ""):  # 开鲁县人社局 is the county's bureau, 开鲁人社局 as well
            bureau = _OFFICE.search(local)
            if bureau:
                yield local[: bureau.start()] + end


def county_names(catalogue: Catalogue) -> str:
    """The counties' names as a sentence lists them."""
    names = [county.name for county in catalogue.counties]
    return f"“{'”“'.join(names[:3])}”等 {len(names)} 个旗县市区的名称"
