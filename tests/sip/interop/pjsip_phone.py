"""A telephone made of PJSIP (pjsua2-python), as a program of its own: commands come as lines, events leave as lines.

Its only tie to Switchroom is the wire. Commands: `call URI`, `hangup`, `hold`, `resume`, `digit D`, `transfer URI`,
`register URI USER PASSWORD`, `quit`.
"""

import os
import select
import sys

import pjsua2 as pj


def tell(*words: object) -> None:
    """One event."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


class Call(pj.Call):
    """Reports its states; keeps its media going on the silent device."""

    def onCallState(self, _prm: pj.OnCallStateParam) -> None:  # noqa: N802
        """Called by PJSIP."""
        info = self.getInfo()
        tell("state", info.stateText, info.lastStatusCode)

    def onCallMediaState(self, _prm: pj.OnCallMediaStateParam) -> None:  # noqa: N802
        """Called by PJSIP."""
        info = self.getInfo()  # owns what is read from it
        for number in range(len(info.media)):
            tell("media", info.media[number].status)

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:  # noqa: N802
        """Called by PJSIP."""
        tell("transfer", prm.statusCode)


class Account(pj.Account):
    """Answers every call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    def onRegState(self, prm: pj.OnRegStateParam) -> None:  # noqa: N802
        """Called by PJSIP."""
        tell("registered", prm.code, self.getInfo().regIsActive)

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:  # noqa: N802
        """Called by PJSIP."""
        call = Call(self, prm.callId)
        self.calls.append(call)
        parameter = pj.CallOpParam()
        parameter.statusCode = 200
        call.answer(parameter)


def endpoint(transport: str) -> tuple[pj.Endpoint, int]:
    """PJSIP without threads and sound devices, on a free port; its identifier of the transport."""
    lib = pj.Endpoint()
    lib.libCreate()
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.logConfig.level = int(os.environ.get("PJSIP_LOG", "0"))
    config.logConfig.consoleLevel = config.logConfig.level
    lib.libInit(config)
    kinds = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}
    where = pj.TransportConfig()
    where.port = 0
    where.boundAddress = where.publicAddress = "127.0.0.1"
    number = lib.transportCreate(kinds[transport], where)
    lib.audDevManager().setNullDev()
    lib.libStart()
    return lib, number


def configuration(number: int, srtp: bool) -> pj.AccountConfig:
    """An account on one transport, bound to the loopback address."""
    config = pj.AccountConfig()
    config.idUri = "sip:pj@127.0.0.1"
    config.sipConfig.transportId = number
    config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
    config.mediaConfig.srtpUse = pj.PJMEDIA_SRTP_MANDATORY if srtp else pj.PJMEDIA_SRTP_DISABLED
    config.mediaConfig.srtpSecureSignaling = 0
    return config


def obey(account: Account, config: pj.AccountConfig, line: str) -> None:
    """Do what a line says."""
    name, *words = line.split()
    parameter = pj.CallOpParam(True)
    match name:
        case "call":
            account.calls.append(Call(account))
            account.calls[-1].makeCall(words[0], parameter)
        case "hangup":
            account.calls[-1].hangup(parameter)
        case "hold":
            account.calls[-1].setHold(parameter)
        case "resume":
            parameter.opt.flag = pj.PJSUA_CALL_UNHOLD
            account.calls[-1].reinvite(parameter)
        case "digit":
            digits = pj.CallSendDtmfParam()
            digits.method, digits.digits = pj.PJSUA_DTMF_METHOD_SIP_INFO, words[0]
            account.calls[-1].sendDtmf(digits)
        case "transfer":
            account.calls[-1].xfer(words[0], parameter)
        case "register":
            config.idUri, config.regConfig.registrarUri = f"sip:{words[1]}@127.0.0.1", words[0]
            config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", words[1], 0, words[2]))
            account.modify(config)


def main(transport: str, srtp: bool) -> None:
    """Until `quit` or the end of the input."""
    lib, number = endpoint(transport)
    config = configuration(number, srtp)
    account = Account()
    account.create(config)
    tell("ready", lib.transportGetInfo(number).localName)
    waiting = b""
    while True:
        lib.libHandleEvents(10)
        if not select.select([0], [], [], 0)[0]:
            continue
        data = os.read(0, 4096)
        *lines, waiting = (waiting + data).split(b"\n")
        if not data or b"quit" in lines:
            break
        for line in lines:
            obey(account, config, line.decode())
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], "srtp" in sys.argv[2:])
