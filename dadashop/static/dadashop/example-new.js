const form = document.querySelector("#new");
form.addEventListener("verified", (event) => {
  sessionStorage.setItem("token", event.detail.token);
  document.querySelector("#new-said").textContent = "登录成功：" + event.detail.user.username;
});
