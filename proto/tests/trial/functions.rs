//! Functions over the wire, in a process that nobody configured.

use nhi_proto::Type;
use serde_json::{Value as Json, json};

use crate::objects::Trial;
use crate::values::{receive, send};
use crate::wire::tfplugin6::*;

#[tokio::test]
async fn every_way_to_ask_names_the_same_functions() {
    let trial = Trial::started().await;
    let mut client = trial.client();
    let listed = client.get_functions(get_functions::Request {}).await.unwrap().into_inner();
    assert!(listed.diagnostics.is_empty());
    let schema = client.get_provider_schema(get_provider_schema::Request {}).await.unwrap().into_inner();
    assert_eq!(listed.functions, schema.functions);
    let metadata = client.get_metadata(get_metadata::Request {}).await.unwrap().into_inner();
    let names: Vec<&str> = metadata.functions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["joined"]);

    let joined = &listed.functions["joined"];
    assert_eq!((joined.summary.as_str(), joined.description.as_str()), ("Joins texts.", "Null is left out."));
    assert_eq!(joined.r#return.as_ref().unwrap().r#type, br#""string""#);
    let parameters = joined.parameters.iter().chain(&joined.variadic_parameter);
    let parameters: Vec<_> = parameters
        .map(|one| {
            (one.name.as_str(), one.description.as_str(), one.allow_null_value, one.allow_unknown_values)
        })
        .collect();
    assert_eq!(
        parameters,
        [("separator", "What stands between.", false, false), ("texts", "What is joined.", true, false)]
    );
    trial.shut_down().await;
}

#[tokio::test]
async fn a_call_answers_or_says_which_argument_is_wrong() {
    let trial = Trial::started().await;
    for (arguments, answer, says, argument) in [
        (json!(["-", "a", "b"]), json!("a-b"), "", None),
        (json!(["-", "a", null]), json!("a"), "", None),
        (json!(["-", "a", "?"]), json!("?"), "", None),
        (json!(["?"]), json!("?"), "", None),
        (json!([null, "a"]), Json::Null, "it must not be null", Some(0)),
        (json!(["", "a"]), Json::Null, "it is empty", Some(0)),
        (json!(["-", "a", "b-c"]), Json::Null, "it contains the separator", Some(2)),
        (json!(["-"]), Json::Null, "there is nothing to join", None),
        (json!([]), Json::Null, "the argument `separator` is missing", None),
        (json!(["panic"]), Json::Null, "panicked: asked to panic", None),
    ] {
        let sent = arguments.as_array().unwrap().iter().map(|one| send(one, &Type::String)).collect();
        let told = trial.call("joined", sent).await;
        assert_eq!(receive(told.result.as_ref(), &Type::String), answer, "{arguments}");
        let error = told.error.unwrap_or_default();
        assert!(error.text.contains(says) && error.text.is_empty() == says.is_empty(), "{}", error.text);
        assert_eq!(error.function_argument, argument, "{arguments}");
    }
    let unreadable = DynamicValue { msgpack: vec![0xc1], json: Vec::new() };
    let told = trial.call("joined", vec![unreadable]).await.error.unwrap();
    assert_eq!(told.function_argument, Some(0));
    let strange = trial.call("parted", Vec::new()).await;
    assert_eq!(strange.error.unwrap().text, "Unknown function: This provider has no function `parted`");
    trial.shut_down().await;
}

impl Trial {
    async fn call(&self, name: &str, arguments: Vec<DynamicValue>) -> call_function::Response {
        let request = call_function::Request { name: name.to_owned(), arguments };
        self.client().call_function(request).await.unwrap().into_inner()
    }
}
