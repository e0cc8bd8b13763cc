function say(words) {
  $("#old-said").text(words);
}
function post(path, fields, done) {
  $.ajax({
    type: "post",
    url: $("#old").data("api") + path,
    data: JSON.stringify(fields),
    success: function (data) {
      if (data.code == 200) done(data);
      else say(data.error.message);
    },
    error: function () {
      say("内部错误，请联系管理员");
    },
  });
}
$("#old-send").click(function () {
  post("/v1/users/sms/code", { phone: $("#old-phone").val(), purpose: "login" }, function () {
    say("验证码发送成功");
  });
});
$("#old").submit(function (event) {
  event.preventDefault();
  var fields = { phone: $("#old-phone").val(), verify: $("#old-verify").val(), carts: null };
  post("/v1/tokens/sms", fields, function (data) {
    sessionStorage.setItem("token", data.token);
    say("登录成功：" + data.username);
  });
});
