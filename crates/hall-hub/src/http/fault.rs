//! What is wrong with a request before the hall is asked, or with the hub: all such problems in one list.

use axum::http::StatusCode;

/// Makes the list: name, status, code, title in both languages.
macro_rules! faults {
    ($($name:ident $status:ident $code:literal $title:literal $title_zh:literal)*) => {
        /// A problem that no rule of the hall makes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Fault {
            $($name,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn status(self) -> StatusCode {
                match self {
                    $(Self::$name => StatusCode::$status,)*
                }
            }

            /// A stable name for programs.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// What is wrong, in English and in Chinese.
            pub fn titles(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($title, $title_zh),)*
                }
            }
        }
    };
}

faults! {
    TokenMissing UNAUTHORIZED "token_missing" "this hub asks for a token" "此主机需要设备令牌"
    TokenUnknown UNAUTHORIZED "token_unknown" "this hub does not know the token" "设备令牌无效"
    RoleForbidden FORBIDDEN "role_forbidden" "the token's role does not allow this" "此设备无权进行该操作"

    NoSuchPath NOT_FOUND "no_such_path" "there is nothing at this path" "没有这个地址"
    NoSuchMethod METHOD_NOT_ALLOWED "no_such_method" "the path does not take this method" "该地址不支持此请求方法"
    BadCounterNumber BAD_REQUEST "bad_counter_number" "the counter must be a number such as 12" "窗口号须为数字，如 12"
    BadQuery BAD_REQUEST "bad_query" "what is asked for cannot be read" "查询条件无法识别"
    BadDays UNPROCESSABLE_ENTITY "bad_days" "these days cannot be given" "无法提供这些日期"

    NotJson UNSUPPORTED_MEDIA_TYPE "not_json" "the body must be JSON" "请求内容须为 JSON"
    BadJson BAD_REQUEST "bad_json" "the body cannot be read" "请求内容无法识别"
    NotCsv UNSUPPORTED_MEDIA_TYPE "not_csv" "the body must be CSV" "请求内容须为 CSV"
    BadCsv UNPROCESSABLE_ENTITY "bad_csv" "the file cannot be read" "文件无法识别"
    BadLine UNPROCESSABLE_ENTITY "bad_line" "the line cannot be read" "此行无法识别"
    NotBooked UNPROCESSABLE_ENTITY "not_booked" "the line is of an appointment that no longer stands" "此行的预约已不再有效"
    BadBody BAD_REQUEST "bad_body" "the body did not arrive whole" "请求内容不完整"
    BodyTooLarge PAYLOAD_TOO_LARGE "body_too_large" "the body is too long" "请求内容过长"

    KeyMissing BAD_REQUEST "idempotency_key_missing" "this command needs an idempotency key" "缺少幂等键"
    KeyBad BAD_REQUEST "idempotency_key_bad" "the idempotency key cannot be used" "幂等键格式不正确"
    KeyReused UNPROCESSABLE_ENTITY "idempotency_key_reused" "the idempotency key was used for another command before" "幂等键已用于另一操作"

    UnknownCode NOT_FOUND "unknown_code" "no ticket of today has this code" "今日没有此号，请核对号票上的代码"
    BadPerson UNPROCESSABLE_ENTITY "bad_person" "the document number cannot be used" "证件号码无法识别"
    BadDestination UNPROCESSABLE_ENTITY "bad_destination" "say exactly one of service, counter and staff" "请只填写业务、窗口、工号之一"
    BadCheckIn UNPROCESSABLE_ENTITY "bad_check_in" "say either the code or the phone digits" "请提供预约码或手机号后四位之一"
    Ambiguous CONFLICT "appointment_ambiguous" "several appointments of today have these phone digits" "今日有多个预约的手机号后四位相同"

    TooManyStreams SERVICE_UNAVAILABLE "too_many_streams" "too many event streams are open" "连接的终端过多，请稍候再试"
    Busy SERVICE_UNAVAILABLE "hub_busy" "too many commands are waiting" "系统繁忙，请稍候再试"
    Stopping SERVICE_UNAVAILABLE "hub_stopping" "the hub is stopping" "主机正在停止"
    Internal INTERNAL_SERVER_ERROR "internal" "the hub failed" "主机内部错误"
}
