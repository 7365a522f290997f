"""How results are told: to people, and as JUnit XML to whatever reads test reports."""

from collections.abc import Iterator
from xml.etree import ElementTree

from switchroom.flows.testing.suite import FileResult, SuiteResult


def summary(suite: SuiteResult, *, coverage: bool = True) -> str:
    """The results as text."""
    lines = [line for file in suite.files for line in _file(file)]
    if coverage and suite.coverage:
        lines += ["", "coverage"]
        for flow in suite.coverage:
            lines.append(f"  {flow.text}")
            lines += [f"    not run: {name}" for name in flow.missed_blocks]
            lines += [
                f"    not taken: {name}"
                for name in flow.missed_branches
                if not any(name.startswith(f"{block} ") for block in flow.missed_blocks)
            ]
    played = [one for file in suite.files for one in file.results]
    failed = sum(bool(one.failures) for one in played) + sum(bool(file.wrong) for file in suite.files)
    lines += ["", f"{len(played)} scenarios, {failed} failed"]
    return "\n".join(lines)


def junit(suite: SuiteResult) -> str:
    """The results as JUnit XML: a suite a file, a case a scenario."""
    top = ElementTree.Element("testsuites", name="switchroom flow test")
    for file in suite.files:
        failed = sum(bool(one.failures) for one in file.results)
        node = ElementTree.SubElement(top, "testsuite", name=file.file)
        node.set("tests", str(len(file.results) + bool(file.wrong)))
        node.set("failures", str(failed))
        node.set("errors", str(int(bool(file.wrong))))
        for one in file.results:
            case = ElementTree.SubElement(node, "testcase", classname=file.file, name=one.name)
            if one.failures:
                failure = ElementTree.SubElement(case, "failure", message=_legal(one.failures[0]))
                failure.text = _legal("\n".join(one.failures))
            ElementTree.SubElement(case, "system-out").text = _legal(f"{' > '.join(one.path)}\n{one.end} {one.text}")
        if file.wrong:
            case = ElementTree.SubElement(node, "testcase", classname=file.file, name="description")
            ElementTree.SubElement(case, "error", message=_legal(file.wrong)).text = _legal(file.wrong)
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="unicode", xml_declaration=True)


def _file(file: FileResult) -> Iterator[str]:
    for one in file.results:
        name = "" if len(file.results) == 1 else f" {one.name}:"
        yield f"{file.file}:{name} {'FAILED' if one.failures else 'passed'} ({one.end})"
        if one.failures:
            yield f"  path: {' > '.join(one.path)}"
            yield from (f"  {failure}" for failure in one.failures)
            if one.text:
                yield f"  {one.text}"
    if file.wrong:
        yield f"{file.file}: {file.wrong}"


def _legal(text: str) -> str:
    """XML knows no control characters but tab and the ends of lines."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
